import { RelativeTime } from "@atelier/ui";
import Link from "next/link";
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { MethodChip, methodPlace, settingTitle, variantLabel } from "~/features/methods";
import type { Column } from "~/features/table";
import { HEADLINE_METRICS, MetricCell } from "./metric-cell";
import { RunDuration } from "./run-duration";
import { RunStatus } from "./run-status";
import type { RunRow } from "./run-types";

/** Columns of every table of runs; the first one links to the run. */
export const RUN_COLUMNS: readonly Column<RunRow>[] = [
	{
		key: "method",
		header: "Run",
		sortBy: (run) => methodPlace(run.method),
		cell: (run) => (
			<Link href={`/runs/${run.id}`} className="group/run flex flex-col leading-4">
				<MethodChip method={run.method} className="group-hover/run:underline" />
				<Special run={run} />
			</Link>
		),
	},
	{
		key: "dataset",
		header: "Dataset",
		sortBy: (run) => run.dataset,
		cell: (run) => (
			<span className="flex items-center gap-2 whitespace-nowrap">
				{run.dataset}
				<DatasetLabels dataset={{ synthetic: run.synthetic, queriesDerived: false }} />
			</span>
		),
	},
	{ key: "seed", header: "Seed", numeric: true, sortBy: (run) => run.seed, cell: (run) => run.seed },
	{ key: "status", header: "Status", sortBy: (run) => run.status, cell: (run) => <RunStatus run={run} /> },
	...HEADLINE_METRICS.map(
		({ name, title }): Column<RunRow> => ({
			key: name,
			header: title,
			numeric: true,
			sortBy: (run) => run.metrics[name]?.value ?? null,
			cell: (run) => <MetricCell run={run} name={name} />,
		}),
	),
	{
		key: "duration",
		header: "Duration",
		title: "Time in which its stages ran, without what it waited",
		numeric: true,
		className: "whitespace-nowrap",
		sortBy: (run) => (run.finishedAt && run.workedMs > 0 ? run.workedMs : null),
		cell: (run) => <RunDuration run={run} />,
	},
	{ key: "preset", header: "Preset", cell: (run) => <span className="text-ink-muted">{run.preset}</span> },
	{
		key: "created",
		header: "Launched",
		sortBy: (run) => run.createdAt,
		cell: (run) => <RelativeTime at={run.createdAt} className="whitespace-nowrap text-ink-muted" />,
	},
];
export const RUN_HEADS = RUN_COLUMNS.map(({ header }) => String(header));

/** What is not plain about a run, on a second line; nothing for most. */
function Special({ run: { variant, setting } }: { run: Pick<RunRow, "variant" | "setting"> }) {
	const words = [variantLabel(variant), setting === "full" ? "" : settingTitle(setting)].filter(Boolean).join(", ");
	if (words === "") return null;
	return (
		<span title={words} className="block max-w-52 truncate pl-[1.125rem] text-xs text-ink-faint">
			{words}
		</span>
	);
}
