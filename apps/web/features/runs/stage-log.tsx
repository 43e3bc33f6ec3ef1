"use client";
import { visibleLines } from "@atelier/core";
import { cn, ErrorState, formatAbsoluteTime, Skeleton } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTRPC } from "~/trpc/client";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The stage's log, newest last; stays at the end while the reader is there. */
export function StageLog({ stageKey }: { stageKey: string }) {
	const trpc = useTRPC();
	const logs = useQuery(trpc.runs.logs.queryOptions({ stageKey }));
	const box = useRef<HTMLDivElement>(null);
	const atEnd = useRef(true);
	const lines = logs.data;
	useEffect(() => {
		if (lines && atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
	}, [lines]);
	if (logs.isPending) return <Skeleton className="h-40 w-full" />;
	if (logs.isError) return <ErrorState title="The log could not be read." message={logs.error.message} />;
	if (logs.data.length === 0) return <p className="py-6 text-center text-sm text-ink-faint">No log lines yet.</p>;
	return (
		<div
			ref={box}
			role="log"
			aria-label="Stage log"
			// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
			tabIndex={0}
			onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
				atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
			}}
			className="max-h-96 overflow-auto rounded-md border bg-sunken p-3 font-mono text-xs leading-5"
		>
			{logs.data.map((line) => (
				<p key={line.id} className="flex gap-3">
					<time className="shrink-0 text-ink-faint" title={`${formatAbsoluteTime(line.at)}, attempt ${line.attempt}`}>
						{clock.format(line.at)}
					</time>
					<span
						className={cn(
							"min-w-0 break-words whitespace-pre-wrap",
							line.level === "error" && "text-failed",
							line.level === "warning" && "text-cancelled",
						)}
					>
						{line.level === "info" ? null : `${line.level}: `}
						<bdi>{visibleLines(line.message)}</bdi>
					</span>
				</p>
			))}
		</div>
	);
}
