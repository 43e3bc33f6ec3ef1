"use client";
import { useEffect, useState } from "react";
import { formatAbsoluteTime, formatRelativeTime } from "./format/time";

/** `3 min ago`, with the full date on hover; keeps itself up to date. */
export function RelativeTime({ at, className }: { at: Date | string; className?: string }) {
	const time = new Date(at);
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 20_000);
		return () => clearInterval(timer);
	}, []);
	return (
		<time dateTime={time.toISOString()} title={formatAbsoluteTime(time)} className={className} suppressHydrationWarning>
			{formatRelativeTime(time, now)}
		</time>
	);
}
