"use client";
import { PageHeader } from "@atelier/ui";
import { DatasetFilter } from "~/features/benchmark/dataset-filter";
import { MetricSelect } from "~/features/charts/metric-select";
import { useUrlState } from "~/features/url-state";
import { ColdStartSection } from "./cold-start-section";
import { figuresViewCodec } from "./figures-view";
import { LowResourceSection } from "./low-resource-section";
import { useHashTarget } from "./use-hash-target";
import { ZeroShotSection } from "./zero-shot-section";

export function FiguresPage() {
	const [view, update] = useUrlState(figuresViewCodec);
	useHashTarget();
	const shared = { datasets: view.dataset, metric: view.metric };
	return (
		<>
			<PageHeader
				title="Figures"
				description="The methods where data is scarce: products never seen, categories never trained on, few sequences. The paper's Figures 4 to 6, which are pictures without numbers; what it finds in them stands beside."
			/>
			<div className="mb-6 flex flex-wrap items-center gap-2">
				<DatasetFilter chosen={view.dataset} onChange={(dataset) => update({ dataset }, { push: true })} />
				<MetricSelect metric={view.metric} onMetric={(metric) => update({ metric })} />
			</div>
			<div className="space-y-12">
				<ColdStartSection {...shared} />
				<ZeroShotSection {...shared} />
				<LowResourceSection {...shared} />
			</div>
		</>
	);
}
