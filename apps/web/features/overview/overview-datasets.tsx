import { formatCount, Panel } from "@atelier/ui";
import Link from "next/link";
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { type DatasetRow, DatasetStatus } from "~/features/datasets/dataset-status";
import { orderDatasets } from "~/features/datasets/order-datasets";

const SHOWN = 8;

export function OverviewDatasets({ datasets }: { datasets: readonly DatasetRow[] }) {
	return (
		<Panel
			title="Datasets"
			flush
			actions={
				<Link href="/datasets" className="text-sm text-accent-strong hover:underline">
					All datasets
				</Link>
			}
		>
			{datasets.length === 0 ? (
				<p className="px-4 py-6 text-center text-sm text-ink-faint">None yet.</p>
			) : (
				<ul>
					{orderDatasets(datasets)
						.slice(0, SHOWN)
						.map((dataset) => (
							<li key={dataset.id} className="border-b px-3 py-2.5 last:border-b-0">
								<div className="flex flex-wrap items-center gap-x-2">
									<Link
										href={`/datasets/${encodeURIComponent(dataset.name)}`}
										className="min-w-0 truncate text-sm font-medium hover:underline"
									>
										{dataset.name}
									</Link>
									<DatasetLabels dataset={dataset} />
								</div>
								{dataset.statistics ? (
									<p className="text-xs text-ink-faint tabular-nums">
										{formatCount(dataset.statistics.users)} users · {formatCount(dataset.statistics.items)} items ·{" "}
										{formatCount(dataset.statistics.interactions)} interactions
									</p>
								) : (
									<div className="mt-1">
										<DatasetStatus dataset={dataset} />
									</div>
								)}
							</li>
						))}
				</ul>
			)}
		</Panel>
	);
}
