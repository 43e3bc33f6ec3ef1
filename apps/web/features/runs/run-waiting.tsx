import { waitingSentence } from "@atelier/core";
import { formatDuration, StatusIcon } from "@atelier/ui";
import Link from "next/link";
import type { RunDetail } from "./run-types";

/** What a run waits for, and when it should start; nothing for one that does not wait. */
export function RunWaiting({ run }: { run: RunDetail }) {
	const { waiting } = run;
	if (waiting === null) return null;
	return (
		<p
			role="status"
			className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-md border bg-surface px-3 py-2 text-sm"
		>
			<span className="flex items-start gap-2">
				<span className="mt-0.5 shrink-0">
					<StatusIcon status="queued" decorative />
				</span>
				{waitingSentence(waiting)}
			</span>
			<span className="text-ink-muted">{start(waiting)}</span>
			{waiting.for === "stage" ? (
				<Link href={`/runs/${waiting.runId}`} className="text-accent-strong hover:underline">
					Open that run
				</Link>
			) : null}
			{run.movedUp ? <span className="text-ink-faint">Moved up.</span> : null}
		</p>
	);
}

/** Nothing is said where nothing like it was measured here. */
function start(waiting: NonNullable<RunDetail["waiting"]>): string {
	if (waiting.for !== "slot") return "";
	if (waiting.startsInMs === null) return "When is not known yet: what goes before it has not been measured here.";
	return waiting.startsInMs < 1_000 ? "It starts now." : `It starts in about ${formatDuration(waiting.startsInMs)}.`;
}
