"use client";
import { type MetricName, table2Grid, table2PaperGrid, table2Warned } from "@atelier/core";
import { Button, EmptyState, ErrorState, PageHeader, TableSkeleton } from "@atelier/ui";
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
import { methodLook } from "~/features/methods";
import { UnderWayNote } from "~/features/under-way/under-way-note";
import { useUrlState } from "~/features/url-state";
import { MadeUnlike } from "~/features/warnings/made-unlike";
import { WarningNotes } from "~/features/warnings/warning-notes";
import { useTRPC } from "~/trpc/client";
import { BenchmarkControls } from "./benchmark-controls";
import { BenchmarkTable } from "./benchmark-table";
import { benchmarkViewCodec } from "./benchmark-view";
import { CellPanel } from "./cell-panel";
import { type Benchmark, describeDataset, titlesOf, type UnderFigures } from "./prepare-benchmark";
import { metricTitleAt, type SlicedAnswers, slicedBenchmark, slicedGrid } from "./slice-benchmark";
import { useSliced } from "./use-sliced";

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
	const stored = query.data;
	const answers = useSliced(stored?.datasets.filter(isMeasuredOn).map(({ name }) => name) ?? [], view);
	const benchmark = stored && answers !== null ? slicedBenchmark(stored, answers) : stored;
	const reference = view.reference || "ours";
	const under = underShown(view.under, answers);
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
							name={answers === null ? "table2" : "benchmark"}
							grids={() => [
								answers === null
									? table2Grid(benchmark.datasets, titlesOf(benchmark))
									: slicedGrid(benchmark, answers, false),
							]}
							paperGrids={() => [
								answers === null
									? table2PaperGrid(benchmark.datasets, titlesOf(benchmark), benchmark.comparisons)
									: slicedGrid(benchmark, answers, true),
							]}
						/>
					) : null
				}
			/>
			<BenchmarkControls
				view={view}
				under={under}
				benchmark={stored}
				hasResults={hasResults}
				depth={depthOf(answers)}
				onChange={update}
			/>
			{problemsOf(answers).map(({ names, message }) => (
				<ErrorState key={message} className="mb-3" title={`${names} could not be worked out.`} message={message} />
			))}
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
				<div className="flex items-start gap-5">
					<div className="min-w-0 flex-1">
						<BenchmarkTable
							benchmark={benchmark}
							comparisons={benchmark.comparisons ?? []}
							under={under}
							reference={reference}
							answers={answers}
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
								{answers === null
									? "Best in bold, second underlined, among what was measured here. Intervals are bootstrapped over shoppers; the paired tests of Ours and Ours+ against each row stand in the panel that a cell opens."
									: `Best in bold, second underlined. Differences are to ${methodLook(reference).title}, paired over shoppers: ***, ** and * at .001, .01 and .05 after Holm's correction over each dataset's tests. The paper's figures are of all shoppers at K = 10.`}
							</li>
							{slicedNotes(answers).map((note) => (
								<li key={note}>{note}</li>
							))}
						</ul>
						<WarningNotes cells={table2Warned(benchmark.datasets, titlesOf(benchmark))} />
						<MadeUnlike note={benchmark.madeUnlike} />
						<ComputingTests computing={benchmark.computing} className="mt-4 max-w-md" />
						{isMeasured ? (
							<Charts benchmark={benchmark} metric={view.metric} onMetric={(metric) => update({ metric })} />
						) : null}
						{answers === null ? <FindingsPanel className="mt-8" sources={["table-2"]} datasets={view.dataset} /> : null}
					</div>
					<CellPanel
						benchmark={benchmark}
						view={view}
						reference={reference}
						onClose={() => update({ cell: "" }, { push: true })}
					/>
				</div>
			) : null}
		</>
	);
}

const isMeasuredOn = ({ cells }: Benchmark["datasets"][number]) => cells.some(({ runs }) => runs.length > 0);

/** The paper's figures stand beside stored ones alone: under others the difference to the reference is of more use. */
function underShown(under: UnderFigures, answers: SlicedAnswers | null): UnderFigures {
	return answers !== null && (under === "paper" || under === "difference") ? "reference" : under;
}

/** The K that all stored lists reach; null while that is not known. */
function depthOf(answers: SlicedAnswers | null): number | null {
	const depths = [...(answers?.values() ?? [])].flatMap(({ sliced }) => sliced?.depth ?? []);
	return depths.length === 0 ? null : Math.min(...depths);
}

/** Why datasets have no figures, each reason once; what cannot be read of the slice its own field says already. */
function problemsOf(answers: SlicedAnswers | null): { names: string; message: string }[] {
	const byMessage = new Map<string, string[]>();
	const all = [...(answers ?? [])];
	const said = all[0]?.[1].error ?? null;
	for (const [name, { error }] of all) {
		const isSaid = error === said && error?.startsWith("The slice cannot be read") === true;
		if (error !== null && !isSaid) byMessage.set(error, [...(byMessage.get(error) ?? []), name]);
	}
	return [...byMessage].map(([message, names]) => ({ names: names.join(", "), message }));
}

/** What has to be said of figures that were worked out anew. */
function slicedNotes(answers: SlicedAnswers | null): string[] {
	return [...(answers ?? [])].flatMap(([name, { sliced }]) => {
		if (sliced === undefined) return [];
		const { groups, slice, users, of, leftOut } = sliced;
		const isSmall = groups?.[0]?.isSmall === true;
		return [
			...(slice === "" || users === null
				? []
				: [`${name}: ${users} of ${of ?? users} test shoppers are in the slice ${slice}.`]),
			...(isSmall ? [`${name}: so few shoppers that figures say little; nothing is tested.`] : []),
			...leftOut.map(({ method, why }) => `${methodLook(method).title} on ${name} is left out. ${why}`),
		];
	});
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
						title={`${metricTitleAt(metric, labels.protocol?.k ?? 10)} on ${name}`}
						name={`table2-${name}-${metricTitleAt(metric, labels.protocol?.k ?? 10).toLowerCase()}`}
						metric={metric}
						metricTitle={metricTitleAt(metric, labels.protocol?.k ?? 10)}
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
