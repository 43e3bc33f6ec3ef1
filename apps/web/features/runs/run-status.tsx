import { ProgressBar, StatusBadge } from "@atelier/ui";
import type { RunRow } from "./run-types";
import { stageTitle } from "./stage-words";

/** A run's status; while it runs, the stage that it is at, or that it waits for a free slot or another run's stage. */
export function RunStatus({ run }: { run: Pick<RunRow, "status" | "progress" | "error"> }) {
	const { status, progress } = run;
	if (status !== "running") return <StatusBadge status={status} title={run.error ?? undefined} />;
	const within = progress.within ? Math.min(1, progress.within.done / progress.within.total) : 0;
	return (
		<ProgressBar
			className="w-40"
			label={progress.waits ? "Waiting" : progress.stage ? stageTitle(progress.stage) : "Running"}
			done={Math.min(progress.total, Math.round((progress.done + within) * 10) / 10)}
			total={progress.total}
			unit="stages"
		/>
	);
}
