"use client";
import { Button, EmptyState, ErrorState, PageHeader, Select, TableSkeleton } from "@atelier/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Rocket, Rows3 } from "lucide-react";
import Link from "next/link";
import { useUrlState } from "~/features/url-state";
import { useTRPC } from "~/trpc/client";
import { BenchmarkChart } from "./benchmark-chart";
import { BenchmarkTable } from "./benchmark-table";
import { benchmarkViewCodec } from "./benchmark-view";
import { CellPeek } from "./cell-peek";
import { DatasetFilter } from "./dataset-filter";
import { ExportMenu } from "./export-menu";
import {
	type Benchmark,
	describeProtocol,
	METRIC_NAMES,
	METRIC_TITLES,
	type MetricName,
	methodsOf,
	prepareChart,
	prepareTicks,
} from "./prepare-benchmark";

const REFRESH_MS = 10_000;
const HEADS = ["Method", "Recall@10", "NDCG@10", "MRR@10"];

export function BenchmarkPage() {
	const trpc = useTRPC();
	const [view, update] = useUrlState(benchmarkViewCodec);
	const query = useQuery({
		...trpc.results.table2.queryOptions({ datasets: view.dataset }),
		placeholderData: keepPreviousData,
		refetchInterval: REFRESH_MS,
	});
	const benchmark = query.data;
	const hasResults = benchmark?.datasets.some(({ cells }) => cells.some(({ runs }) => runs.length > 0)) ?? false;
	return (
		<>
			<PageHeader
				title="Benchmark"
				description="Every method on every dataset: the newest run of each. The paper's figures stand beside categories that it names; they come from its own data, which is not public."
				actions={benchmark && hasResults ? <ExportMenu benchmark={benchmark} /> : null}
			/>
			<div className="mb-3 flex flex-wrap items-center gap-2">
				<DatasetFilter chosen={view.dataset} onChange={(dataset) => update({ dataset }, { push: true })} />
			</div>
			{query.isPending ? <TableSkeleton columns={HEADS} rows={5} /> : null}
			{query.isError ? (
				<ErrorState
					title="The results could not be read."
					message={query.error.message}
					kept="Nothing was changed."
					actions={<Button onClick={() => void query.refetch()}>Try again</Button>}
				/>
			) : null}
			{benchmark && !hasResults ? (
				<EmptyState
					icon={Rows3}
					title="Nothing measured yet"
					action={
						<Button asChild variant="primary">
							<Link href="/launch">
								<Rocket /> Plan a launch
							</Link>
						</Button>
					}
				>
					Methods × datasets with Recall@10, NDCG@10 and MRR@10 stand here as soon as a run succeeds.
				</EmptyState>
			) : null}
			{benchmark && hasResults ? (
				<>
					<BenchmarkTable benchmark={benchmark} open={view.cell} onOpen={(cell) => update({ cell }, { push: true })} />
					<ul className="mt-2 space-y-0.5 text-xs text-ink-faint">
						{benchmark.datasets.map((dataset) => (
							<li key={dataset.name}>
								{dataset.name}: {describeProtocol(dataset)}.
							</li>
						))}
						<li>
							Best in bold, second underlined, among what was measured here. Intervals are bootstrapped over shoppers.
						</li>
					</ul>
					<Charts benchmark={benchmark} metric={view.metric} onMetric={(metric) => update({ metric })} />
					<CellPeek benchmark={benchmark} cell={view.cell} onClose={() => update({ cell: "" }, { push: true })} />
				</>
			) : null}
		</>
	);
}

interface ChartsProps {
	benchmark: Benchmark;
	metric: MetricName;
	onMetric: (metric: MetricName) => void;
}

/** A chart for each dataset, all on one scale. */
function Charts({ benchmark, metric, onMetric }: ChartsProps) {
	const methods = methodsOf(benchmark);
	const charts = benchmark.datasets
		.map((dataset) => ({ name: dataset.name, points: prepareChart(dataset, metric, methods) }))
		.filter(({ points }) => points.length > 0);
	const max = Math.max(
		...charts.flatMap(({ points }) =>
			points.flatMap(({ value, spread, paper }) => [value + (spread?.[1] ?? 0), paper ?? 0]),
		),
	);
	const hasPaper = charts.some(({ points }) => points.some(({ paper }) => paper !== undefined));
	return (
		<section className="mt-8">
			<div className="mb-4 flex flex-wrap items-center justify-between gap-3">
				<h2 className="text-base font-semibold">By method</h2>
				<Select
					aria-label="Metric"
					className="w-36"
					value={metric}
					onChange={({ target }) => onMetric(METRIC_NAMES.find((name) => name === target.value) ?? metric)}
				>
					{METRIC_NAMES.map((name) => (
						<option key={name} value={name}>
							{METRIC_TITLES[name]}
						</option>
					))}
				</Select>
			</div>
			{hasPaper ? <p className="mb-4 text-xs text-ink-faint">Hollow circles are the paper's figures.</p> : null}
			<div className="grid gap-8 lg:grid-cols-2">
				{charts.map(({ name, points }) => (
					<BenchmarkChart key={name} dataset={name} metric={metric} points={points} ticks={prepareTicks(max)} />
				))}
			</div>
		</section>
	);
}
