import { ProgressBar, StatusBadge } from "@atelier/ui";
import { useProgressRate } from "~/features/progress/use-progress-rate";
import type { Outputs } from "~/trpc/client";

export type DatasetRow = Outputs["datasets"]["list"][number];

/** Ready, failed, or the import's progress as it goes. */
export function DatasetStatus({ dataset }: { dataset: DatasetRow }) {
	const { progress, status } = dataset;
	const rate = useProgressRate(progress);
	if (status === "ready") return <StatusBadge status="succeeded" word="Ready" />;
	if (status === "failed") return <StatusBadge status="failed" title={dataset.error ?? undefined} />;
	if (progress === null) return <StatusBadge status="queued" word="Waiting" />;
	return (
		<ProgressBar
			className="w-64 max-w-full"
			label={progress.step}
			done={progress.done}
			total={progress.total}
			unit={progress.unit}
			{...rate}
		/>
	);
}
