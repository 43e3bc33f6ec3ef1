import { waitingSentence, waitingWords } from "@atelier/core";
import { ProgressBar, StatusBadge } from "@atelier/ui";
import type { RunRow } from "./run-types";
import { stageTitle } from "./stage-words";

/** A run's status; while it runs, the stage that it is at; while it waits, what for. */
export function RunStatus({ run }: { run: Pick<RunRow, "status" | "progress" | "error" | "waiting"> }) {
	const { status, progress, waiting } = run;
	if (waiting !== null) {
		return (
			<span className="flex items-center gap-2 whitespace-nowrap" title={waitingSentence(waiting)}>
				<StatusBadge status="queued" />
				<span className="text-xs text-ink-faint tabular-nums">{waitingWords(waiting)}</span>
			</span>
		);
	}
	if (status !== "running") return <StatusBadge status={status} title={run.error ?? undefined} />;
	const within = progress.within ? Math.min(1, progress.within.done / progress.within.total) : 0;
	return (
		<ProgressBar
			className="w-40"
			label={progress.stage ? stageTitle(progress.stage) : "Running"}
			done={Math.min(progress.total, Math.round((progress.done + within) * 10) / 10)}
			total={progress.total}
			unit="stages"
		/>
	);
}
