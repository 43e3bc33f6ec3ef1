"use client";
import { letterOf, visibleText } from "@atelier/core";
import { Button, ErrorState, formatDelta, Missing, Panel, Select, TableSkeleton } from "@atelier/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { inspectHref } from "~/features/inspector/inspector-view";
import { type Column, DataTable } from "~/features/table";
import { Shown } from "~/features/text/shown";
import { useTRPC } from "~/trpc/client";
import type { ComparedRun, DifferingShopper } from "./compare-types";
import type { CompareView, RankCell, Side } from "./compare-view";
import { metricTitle } from "./prepare-compare";
import { rankWords } from "./prepare-heat-map";

const PAGE = 20;

export interface DifferingShoppersProps {
	first: ComparedRun;
	other: ComparedRun;
	/** The letter's place of the other run. */
	place: number;
	k: number;
	view: Pick<CompareView, "metric" | "side" | "cell">;
	onChange: (change: Partial<Pick<CompareView, "side" | "cell">>) => void;
}

/** Shoppers on whom the two runs differ most, or those of one cell of the plot; each opens in the inspector. */
export function DifferingShoppers({ first, other, place, k, view, onChange }: DifferingShoppersProps) {
	const { metric, side, cell } = view;
	const trpc = useTRPC();
	const query = useInfiniteQuery({
		...trpc.results.differingShoppers.infiniteQueryOptions(
			{ first: first.id, other: other.id, metric, side, cell, limit: PAGE },
			{ getNextPageParam: ({ nextCursor }) => nextCursor },
		),
		placeholderData: keepPreviousData,
	});
	const letter = letterOf(place);
	const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
	const title = metricTitle(metric, k);
	const columns: Column<DifferingShopper>[] = [
		{
			key: "user",
			header: "Shopper",
			cell: ({ user }) => (
				<Link
					href={inspectHref({ run: first.id, user, beside: other.id })}
					className="block max-w-40 truncate font-mono text-xs text-accent-strong hover:underline"
				>
					{visibleText(user)}
				</Link>
			),
		},
		{ key: "first", header: "Rank in A", numeric: true, cell: (row) => <RankText rank={row.first} k={k} /> },
		{ key: "other", header: `Rank in ${letter}`, numeric: true, cell: (row) => <RankText rank={row.other} k={k} /> },
		{
			key: "difference",
			header: `Δ ${title}`,
			title: `${letter} minus A`,
			numeric: true,
			cell: ({ difference }) => formatDelta(difference),
		},
		{
			key: "target",
			header: "Bought",
			cell: ({ target }) => (
				<span className="block max-w-80 truncate">
					<Shown>{target.title || target.itemKey}</Shown>
				</span>
			),
		},
		{
			key: "query",
			header: "Last search",
			cell: ({ query: words }) =>
				words === null ? (
					<Missing reason="The session holds no search." />
				) : (
					<span className="block max-w-60 truncate text-ink-muted">
						<Shown>{words}</Shown>
					</span>
				),
		},
	];
	return (
		<Panel
			title={cell ? "Shoppers of one cell" : "Shoppers on whom they differ most"}
			description={
				cell
					? `A ranks the purchase ${placeWords(cell.first, k)}, ${letter} ${placeWords(cell.other, k)}.`
					: `By ${title}, largest difference first. A shopper opens in the inspector with both runs.`
			}
		>
			<div className="mb-3 flex flex-wrap items-center gap-2">
				<Select
					aria-label="Whose shoppers"
					className="w-52"
					value={side}
					disabled={cell !== null}
					onChange={({ target }) => onChange({ side: SIDES.find((one) => one === target.value) ?? "either" })}
				>
					<option value="either">better in either</option>
					<option value="first">better in A</option>
					<option value="other">better in {letter}</option>
				</Select>
				<RankSelects letter={letter} k={k} cell={cell} onChange={(chosen) => onChange({ cell: chosen })} />
			</div>
			{query.isPending ? (
				<TableSkeleton columns={["Shopper", "Rank in A", `Rank in ${letter}`, "Bought"]} rows={6} />
			) : null}
			{query.isError ? (
				<ErrorState
					title="The shoppers could not be read."
					message={query.error.message}
					actions={<Button onClick={() => void query.refetch()}>Try again</Button>}
				/>
			) : null}
			{query.isSuccess && rows.length === 0 ? (
				<p className="rounded-md border border-dashed px-4 py-8 text-center text-sm text-ink-muted">
					{cell
						? "No shopper has these two ranks."
						: `No shopper's ${title} differs${side === "either" ? "" : " on this side"}.`}
				</p>
			) : null}
			{rows.length > 0 ? (
				<DataTable
					label="Shoppers"
					columns={columns}
					rows={rows}
					rowKey={({ user, target, first: rank }) => `${user} ${target.itemId} ${rank}`}
					href={({ user }) => inspectHref({ run: first.id, user, beside: other.id })}
				/>
			) : null}
			{query.hasNextPage ? (
				<Button className="mt-3" size="sm" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
					Show {PAGE} more
				</Button>
			) : null}
		</Panel>
	);
}

const SIDES: readonly Side[] = ["either", "first", "other"];

function RankText({ rank, k }: { rank: number | null; k: number }) {
	if (rank === null) return <span className="text-ink-faint">not listed</span>;
	return <span className={rank > k ? "text-ink-faint" : undefined}>{rank}</span>;
}

const placeWords = (rank: number, k: number) => (rank === 0 ? `not among the first ${k}` : `at ${rank}`);

interface RankSelectsProps {
	letter: string;
	k: number;
	cell: RankCell | null;
	onChange: (cell: RankCell | null) => void;
}

/** The same choice as a click on the plot. */
function RankSelects({ letter, k, cell, onChange }: RankSelectsProps) {
	const ranks = [...Array.from({ length: k }, (_, i) => i + 1), 0];
	const select = (label: string, value: number | undefined, choose: (rank: number) => RankCell) => (
		<Select
			aria-label={label}
			className="w-40"
			value={value === undefined ? "" : String(value)}
			onChange={({ target }) => onChange(target.value === "" ? null : choose(Number(target.value)))}
		>
			<option value="">{label}: any</option>
			{ranks.map((rank) => (
				<option key={rank} value={rank}>
					{`${label}: ${rankWords(rank)}`}
				</option>
			))}
		</Select>
	);
	return (
		<>
			{select("Rank in A", cell?.first, (first) => ({ first, other: cell?.other ?? 0 }))}
			{select(`Rank in ${letter}`, cell?.other, (other) => ({ first: cell?.first ?? 0, other }))}
		</>
	);
}
