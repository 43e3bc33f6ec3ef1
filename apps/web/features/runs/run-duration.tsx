import { Elapsed, formatDuration, Missing } from "@atelier/ui";
import type { RunRow } from "./run-types";

/** Time in which a stage of the run ran, without what it waited; a run that found every stage made says so. */
export function RunDuration({ run }: { run: Pick<RunRow, "status" | "workedMs" | "waitedMs" | "workedFrom"> }) {
	const title = `Its stages ran for this long; besides, it waited ${formatDuration(run.waitedMs)}`;
	if (run.workedFrom) {
		return (
			<span title={title}>
				<Elapsed from={run.workedFrom} />
			</span>
		);
	}
	if (run.workedMs > 0) return <span title={title}>{formatDuration(run.workedMs)}</span>;
	if (run.status === "succeeded") return <span title="Every stage had been made before">reused</span>;
	return <Missing reason={run.status === "queued" ? "It has not started." : "It never started."} />;
}
