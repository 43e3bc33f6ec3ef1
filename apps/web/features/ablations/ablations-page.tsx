"use client";
import { describeProtocol, table3Grid, table3PaperGrid, table3Warned } from "@atelier/core";
import { Button, EmptyState, ErrorState, PageHeader, TableSkeleton } from "@atelier/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Blocks, Rocket } from "lucide-react";
import Link from "next/link";
import { DatasetFilter } from "~/features/benchmark/dataset-filter";
import { ComputingTests, refreshTested } from "~/features/charts/computing-tests";
import { sameWords } from "~/features/datasets/same-words";
import { GridMenu } from "~/features/exports/grid-menu";
import { FindingsPanel } from "~/features/findings/findings-panel";
import { launchHref } from "~/features/launch/launch-view";
import { MissingLinks } from "~/features/launch/missing-links";
import { UnderWayNote } from "~/features/under-way/under-way-note";
import { useUrlState } from "~/features/url-state";
import { MadeUnlike } from "~/features/warnings/made-unlike";
import { WarningNotes } from "~/features/warnings/warning-notes";
import { useTRPC } from "~/trpc/client";
import { AblationsTable } from "./ablations-table";
import { ablationsViewCodec } from "./ablations-view";
import type { AblationDataset } from "./prepare-ablations";
import { RowPeek } from "./row-peek";

const REFRESH_MS = 15_000;
const HEADS = ["Variant", "Parts", "Recall@10", "NDCG@10", "MRR@10"];

export function AblationsPage() {
	const trpc = useTRPC();
	const [view, update] = useUrlState(ablationsViewCodec);
	const query = useQuery({
		...trpc.results.table3.queryOptions({ datasets: view.dataset }),
		placeholderData: keepPreviousData,
		refetchInterval: refreshTested(REFRESH_MS),
	});
	// What is under way has its place in the table already.
	const shown = (query.data?.datasets ?? []).filter(isAblatedOn);
	const measured = shown.filter(({ rows }) => rows.some(({ runs }) => runs.length > 0));
	const isAblated = shown.length > 0;
	return (
		<>
			<PageHeader
				title="Ablations"
				description="The framework with one part or several taken out, each against the full method on the same shoppers and seeds. The paper's Table 3 stands beside luggage and bags."
				actions={
					measured.length > 0 ? (
						<GridMenu
							name="table3"
							grids={() => measured.map(table3Grid)}
							paperGrids={() => measured.map(table3PaperGrid)}
						/>
					) : null
				}
			/>
			<div className="mb-3 flex flex-wrap items-center gap-2">
				<DatasetFilter chosen={view.dataset} onChange={(dataset) => update({ dataset, row: "" }, { push: true })} />
				{isAblated ? (
					<MissingLinks
						suite="table3"
						missing={shown.map(({ missing }) => missing)}
						countOf={({ variants }) => variants.length}
						noun="row"
					/>
				) : null}
			</div>
			{query.isPending ? <TableSkeleton columns={HEADS} rows={8} /> : null}
			{query.isError ? (
				<ErrorState
					title="The ablations could not be read."
					message={query.error.message}
					kept="Nothing was changed."
					actions={<Button onClick={() => void query.refetch()}>Try again</Button>}
				/>
			) : null}
			{query.isSuccess && !isAblated ? <NothingAblated datasets={view.dataset} /> : null}
			{isAblated ? (
				<>
					<AblationsTable datasets={shown} open={view.row} onOpen={(row) => update({ row }, { push: true })} />
					<UnderWayNote className="mt-2" cells={shown.flatMap(({ rows }) => rows)} noun="row" />
					<ComputingTests computing={query.data?.computing} className="mt-4 max-w-md" />
					<Legend datasets={measured} tests={query.data?.tests ?? 0} />
					<WarningNotes cells={table3Warned(measured)} />
					<MadeUnlike note={query.data?.madeUnlike ?? null} />
					<FindingsPanel className="mt-8" sources={["table-3"]} datasets={view.dataset} />
					<RowPeek
						datasets={measured}
						computing={query.data?.computing}
						open={view.row}
						onClose={() => update({ row: "" }, { push: true })}
					/>
				</>
			) : null}
		</>
	);
}

/** Where ours ran as it stands and nothing else did, there is nothing to set beside it. */
function isAblatedOn({ rows }: AblationDataset): boolean {
	return rows.some(({ variant, runs, underWay }) => variant !== "full" && (runs.length > 0 || underWay !== null));
}

function NothingAblated({ datasets }: { datasets: readonly string[] }) {
	return (
		<EmptyState
			icon={Blocks}
			title="Nothing ablated yet"
			action={
				<Button asChild variant="primary">
					<Link href={launchHref({ suite: "table3", datasets: [...datasets] })}>
						<Rocket /> Plan Table 3
					</Link>
				</Button>
			}
		>
			The eight rows of Table 3 stand here with their differences to the full method, as soon as variants of ours have
			run: the suite <code className="font-mono text-xs">table3</code> takes four fine-tunes for all of them.
		</EmptyState>
	);
}

interface LegendProps {
	datasets: readonly AblationDataset[];
	/** Size of the family that the p values are corrected over. */
	tests: number;
}

function Legend({ datasets, tests }: LegendProps) {
	return (
		<ul className="mt-2 space-y-0.5 text-xs text-ink-faint">
			<li>
				<Mark>●</Mark> in place, <Mark>○</Mark> taken out, <Mark>◐</Mark> exchanged for a generic encoder.
			</li>
			<li>
				Under each figure the paired difference to the full method; * p ≤ .05, ** p ≤ .01, *** p ≤ .001 after Holm's
				correction over {tests} tests. Best of a column in bold.
			</li>
			{sameWords(datasets, describeTable).map(({ names, words }) => (
				<li key={names}>
					{names}: {words}.
				</li>
			))}
		</ul>
	);
}

function describeTable({ protocol, preset, genericTextEncoder }: AblationDataset): string {
	return [
		`preset ${preset}`,
		...(protocol ? [describeProtocol(protocol)] : []),
		...(genericTextEncoder ? [`generic text embedding by ${genericTextEncoder}, where the paper has CLIP`] : []),
	].join(", ");
}

function Mark({ children }: { children: string }) {
	return <span className="text-ink-muted">{children}</span>;
}
