"use client";
import { useEffect, useState } from "react";
import { formatDuration } from "./format/time";

/** How long something has taken; counts on while it has no end. */
export function Elapsed({ from, to }: { from: Date | string; to?: Date | string | null }) {
	const [now, setNow] = useState(() => Date.now());
	const running = !to;
	useEffect(() => {
		if (!running) return;
		const timer = setInterval(() => setNow(Date.now()), 1000);
		return () => clearInterval(timer);
	}, [running]);
	const end = to ? new Date(to).getTime() : now;
	return (
		<span className="tabular-nums" suppressHydrationWarning>
			{formatDuration(Math.max(0, end - new Date(from).getTime()))}
		</span>
	);
}
