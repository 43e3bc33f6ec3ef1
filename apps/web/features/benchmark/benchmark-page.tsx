"use client";
import { METRIC_TITLES, type MetricName, table2Grid, table2PaperGrid, table2Warned } from "@atelier/core";
import { Button, EmptyState, ErrorState, PageHeader, Select, TableSkeleton } from "@atelier/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Rocket, Rows3 } from "lucide-react";
import Link from "next/link";
import { ComputingTests, refreshTested } from "~/features/charts/computing-tests";
import { MethodBars } from "~/features/charts/method-bars";
import { MetricSelect } from "~/features/charts/metric-select";
import { prepareBars, reachOf } from "~/features/charts/prepare-bars";
import { prepareTicks } from "~/features/charts/ticks";
import { sameWords } from "~/features/datasets/same-words";
import { GridMenu } from "~/features/exports/grid-menu";
import { FindingsPanel } from "~/features/findings/findings-panel";
import { UnderWayNote } from "~/features/under-way/under-way-note";
import { useUrlState } from "~/features/url-state";
import { MadeUnlike } from "~/features/warnings/made-unlike";
import { WarningNotes } from "~/features/warnings/warning-notes";
import { useTRPC } from "~/trpc/client";
import { BenchmarkTable } from "./benchmark-table";
import { benchmarkViewCodec } from "./benchmark-view";
import { CellPeek } from "./cell-peek";
import { DatasetFilter } from "./dataset-filter";
import { type Benchmark, describeDataset, titlesOf, UNDER_FIGURES, UNDER_TITLES } from "./prepare-benchmark";

const REFRESH_MS = 10_000;
const HEADS = ["Method", "Recall@10", "NDCG@10", "MRR@10"];

export function BenchmarkPage() {
	const trpc = useTRPC();
	const [view, update] = useUrlState(benchmarkViewCodec);
	const query = useQuery({
		...trpc.results.table2.queryOptions({ datasets: view.dataset, comparisons: true }),
		placeholderData: keepPreviousData,
		refetchInterval: refreshTested(REFRESH_MS),
	});
	const benchmark = query.data;
	const cells = benchmark?.datasets.flatMap((dataset) => dataset.cells) ?? [];
	const isMeasured = cells.some(({ runs }) => runs.length > 0);
	// What is under way has its place in the table already.
	const hasResults = isMeasured || cells.some(({ underWay }) => underWay !== null);
	return (
		<>
			<PageHeader
				title="Benchmark"
				description="Every method on every dataset: the newest run of each. The paper's figures stand beside categories that it names; they come from its own data, which is not public."
				actions={
					benchmark && isMeasured ? (
						<GridMenu
							name="table2"
							grids={() => [table2Grid(benchmark.datasets, titlesOf(benchmark))]}
							paperGrids={() => [table2PaperGrid(benchmark.datasets, titlesOf(benchmark), benchmark.comparisons)]}
						/>
					) : null
				}
			/>
			<div className="mb-3 flex flex-wrap items-center gap-2">
				<DatasetFilter chosen={view.dataset} onChange={(dataset) => update({ dataset }, { push: true })} />
				{hasResults ? (
					<span className="flex items-center gap-2 text-sm text-ink-muted">
						<span aria-hidden className="whitespace-nowrap">
							Under each figure
						</span>
						<Select
							aria-label="Under each figure"
							className="w-48"
							value={view.under}
							onChange={({ target }) =>
								update({ under: UNDER_FIGURES.find((one) => one === target.value) ?? view.under })
							}
						>
							{UNDER_FIGURES.map((one) => (
								<option key={one} value={one}>
									{UNDER_TITLES[one]}
								</option>
							))}
						</Select>
					</span>
				) : null}
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
					<BenchmarkTable
						benchmark={benchmark}
						comparisons={benchmark.comparisons ?? []}
						under={view.under}
						open={view.cell}
						onOpen={(cell) => update({ cell }, { push: true })}
					/>
					<UnderWayNote className="mt-2" cells={cells} noun="cell" />
					<ul className="mt-2 space-y-0.5 text-xs text-ink-faint">
						{sameWords(
							benchmark.datasets.filter(({ protocol }) => protocol !== null),
							describeDataset,
						).map(({ names, words }) => (
							<li key={names}>
								{names}: {words}.
							</li>
						))}
						<li>
							Best in bold, second underlined, among what was measured here. Intervals are bootstrapped over shoppers;
							the paired tests of Ours and Ours+ against each row stand in the panel that a cell opens.
						</li>
					</ul>
					<WarningNotes cells={table2Warned(benchmark.datasets, titlesOf(benchmark))} />
					<MadeUnlike note={benchmark.madeUnlike} />
					<ComputingTests computing={benchmark.computing} className="mt-4 max-w-md" />
					{isMeasured ? (
						<Charts benchmark={benchmark} metric={view.metric} onMetric={(metric) => update({ metric })} />
					) : null}
					<FindingsPanel className="mt-8" sources={["table-2"]} datasets={view.dataset} />
					<CellPeek
						benchmark={benchmark}
						metric={view.metric}
						cell={view.cell}
						onClose={() => update({ cell: "" }, { push: true })}
					/>
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
	const charts = benchmark.datasets
		.map((dataset) => ({ dataset, name: dataset.name, points: prepareBars(dataset.cells, metric) }))
		.filter(({ points }) => points.length > 0);
	const ticks = prepareTicks(reachOf(charts.flatMap(({ points }) => points)));
	const hasPaper = charts.some(({ points }) => points.some(({ paper }) => paper !== undefined));
	return (
		<section className="mt-8">
			<div className="mb-4 flex flex-wrap items-center justify-between gap-3">
				<h2 className="text-base font-semibold">By method</h2>
				<MetricSelect metric={metric} onMetric={onMetric} />
			</div>
			{hasPaper ? <p className="mb-4 text-xs text-ink-faint">Hollow circles are the paper's figures.</p> : null}
			<div className="grid gap-8 lg:grid-cols-2">
				{charts.map(({ dataset: labels, name, points }) => (
					<MethodBars
						key={name}
						title={`${METRIC_TITLES[metric]} on ${name}`}
						name={`table2-${name}-${metric}`}
						metric={metric}
						points={points}
						ticks={ticks}
						labels={labels}
						tests={(benchmark.comparisons ?? []).filter(({ dataset }) => dataset === name)}
					/>
				))}
			</div>
		</section>
	);
}
