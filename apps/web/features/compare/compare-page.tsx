"use client";
import { describeProtocol, MOST_COMPARED } from "@atelier/core";
import { Button, EmptyState, ErrorState, PageHeader, Select, TableSkeleton } from "@atelier/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { GitCompareArrows, Plus } from "lucide-react";
import { useState } from "react";
import { ComputingTests, refreshTested } from "~/features/charts/computing-tests";
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { GridMenu } from "~/features/exports/grid-menu";
import { useUrlState } from "~/features/url-state";
import { useTRPC } from "~/trpc/client";
import { CompareTable } from "./compare-table";
import type { Comparison } from "./compare-types";
import { compareViewCodec, METRIC_KINDS } from "./compare-view";
import { ConfigDifferences } from "./config-differences";
import { EffectBySlice } from "./effect-by-slice";
import { PairSection } from "./pair-section";
import { compareGrid, cutoffOf, metricTitle, prepareRows } from "./prepare-compare";
import { RunChooser } from "./run-chooser";
import { UnlikeNotes } from "./unlike-notes";

export function ComparePage() {
	const trpc = useTRPC();
	const [view, update] = useUrlState(compareViewCodec);
	const [isChoosing, setChoosing] = useState(false);
	const query = useQuery({
		...trpc.results.comparison.queryOptions({ runs: view.runs }),
		enabled: view.runs.length > 0,
		placeholderData: keepPreviousData,
	});
	const comparison = view.runs.length > 0 ? query.data : undefined;
	const setRuns = (runs: string[]) => update({ runs, against: "", cell: null }, { push: true });
	return (
		<>
			<PageHeader
				title="Compare"
				badges={comparison?.runs[0] ? <DatasetLabels dataset={comparison.runs[0]} /> : null}
				description={
					comparison?.runs[0]?.protocol
						? `${comparison.runs[0].dataset}: ${describeProtocol(comparison.runs[0].protocol)}. Differences are paired over shoppers.`
						: "Two to ten runs of one dataset, shopper by shopper: where they differ, on whom, and whether it is luck."
				}
				actions={
					view.runs.length > 0 ? (
						<Button
							variant={view.runs.length === 1 ? "primary" : "secondary"}
							disabled={view.runs.length >= MOST_COMPARED}
							onClick={() => setChoosing(true)}
						>
							<Plus /> Add runs
						</Button>
					) : null
				}
			/>
			{view.runs.length === 0 ? (
				<EmptyState
					icon={GitCompareArrows}
					title="No runs chosen yet"
					action={
						<Button variant="primary" onClick={() => setChoosing(true)}>
							<Plus /> Choose runs
						</Button>
					}
				>
					Choose two to ten runs of one dataset. Differences with intervals and corrected tests, who wins on how many
					shoppers, how the two ranks of each purchase stand to each other, and the shoppers on whom they differ most
					stand here.
				</EmptyState>
			) : null}
			{view.runs.length > 0 && query.isPending ? (
				<TableSkeleton columns={["Run", "Recall", "NDCG", "MRR", "Δ", "95 % interval", "p"]} rows={view.runs.length} />
			) : null}
			{view.runs.length > 0 && query.isError ? (
				<ErrorState
					title="The runs could not be read."
					message={query.error.message}
					kept="Nothing was changed."
					actions={
						<>
							<Button onClick={() => void query.refetch()}>Try again</Button>
							<Button onClick={() => setRuns([])}>Choose other runs</Button>
						</>
					}
				/>
			) : null}
			{comparison && !query.isError ? <Compared key="compared" comparison={comparison} onRuns={setRuns} /> : null}
			<RunChooser
				open={isChoosing}
				onOpenChange={setChoosing}
				chosen={comparison?.runs.map(({ id }) => id) ?? []}
				dataset={comparison?.runs[0]?.dataset ?? ""}
				onChoose={(runs) => setRuns(runs)}
			/>
		</>
	);
}

function Compared({ comparison, onRuns }: { comparison: Comparison; onRuns: (runs: string[]) => void }) {
	const trpc = useTRPC();
	const [view, update] = useUrlState(compareViewCodec);
	const ids = comparison.runs.map(({ id }) => id);
	const refused = comparison.unlike.find(({ isRefused }) => isRefused);
	const canTest = ids.length > 1 && refused === undefined;
	const tests = useQuery({
		...trpc.results.compare.queryOptions({ runs: ids }),
		enabled: canTest,
		refetchInterval: refreshTested(false),
	});
	const k = cutoffOf(comparison);
	const rows = prepareRows(comparison, tests.data ?? null, view.metric);
	return (
		<>
			<UnlikeNotes comparison={comparison} />
			{canTest && tests.isError ? (
				<ErrorState
					className="mb-4"
					title="These runs are not tested against each other."
					message={tests.error.message}
					actions={<Button onClick={() => void tests.refetch()}>Try again</Button>}
				/>
			) : null}
			<div className="mb-3 flex flex-wrap items-center justify-between gap-2">
				<Select
					aria-label="Metric"
					className="w-36"
					value={view.metric}
					onChange={({ target }) =>
						update({ metric: METRIC_KINDS.find((kind) => kind === target.value) ?? view.metric })
					}
				>
					{METRIC_KINDS.map((kind) => (
						<option key={kind} value={kind}>
							{metricTitle(kind, k)}
						</option>
					))}
				</Select>
				<GridMenu name="comparison" grids={() => [compareGrid(comparison, rows, view.metric)]} />
			</div>
			<CompareTable
				rows={rows}
				metric={view.metric}
				k={k}
				refused={canTest && !tests.isError ? null : "not tested"}
				onReference={(id) => onRuns([id, ...ids.filter((other) => other !== id)])}
				onRemove={(id) => onRuns(ids.filter((other) => other !== id))}
			/>
			{canTest ? (
				<p className="mt-2 text-xs text-ink-faint">
					Δ is the run minus A, the reference. Paired bootstrap over shoppers; p after Holm's correction over{" "}
					{(ids.length - 1) * METRIC_KINDS.length} tests: every run and metric of this page. In bold and with a filled
					mark where it is at most .05.
				</p>
			) : null}
			{ids.length === 1 ? (
				<p className="mt-2 text-sm text-ink-muted">Add a run of the same dataset to compare this one with.</p>
			) : null}
			<ComputingTests computing={tests.data?.computing} className="mt-4 max-w-md" />
			{canTest && !tests.isError ? (
				<PairSection comparison={comparison} view={view} onChange={(change) => update(change)} />
			) : null}
			{canTest && !tests.isError ? (
				<div className="mt-6">
					<EffectBySlice comparison={comparison} metric={view.metric} by={view.by} onBy={(by) => update({ by })} />
				</div>
			) : null}
			{ids.length > 1 ? (
				<div className="mt-6">
					<ConfigDifferences comparison={comparison} />
				</div>
			) : null}
		</>
	);
}
