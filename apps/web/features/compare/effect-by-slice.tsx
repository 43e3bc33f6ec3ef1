"use client";
import { formatInterval, type Grid, type GridCell, letterOf, significanceMark } from "@atelier/core";
import { Button, cn, ErrorState, formatDelta, formatMetric, Missing, Panel, Select, TableSkeleton } from "@atelier/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ComputingTests, refreshTested } from "~/features/charts/computing-tests";
import { SignificanceMark } from "~/features/charts/significance-mark";
import { GridMenu } from "~/features/exports/grid-menu";
import { GroupsTable } from "~/features/slices/groups-table";
import { groupTitle } from "~/features/slices/prepare-slices";
import { type Outputs, useTRPC } from "~/trpc/client";
import type { Comparison } from "./compare-types";
import type { MetricKind } from "./compare-view";
import { LetterBadge } from "./letter-badge";
import { metricTitle } from "./prepare-compare";

type SlicedRuns = Outputs["results"]["slicedRuns"];
type Figure = NonNullable<SlicedRuns["groups"]>[number]["cells"][number]["metrics"][string];

export interface EffectBySliceProps {
	comparison: Comparison;
	metric: MetricKind;
	/** The attribute whose values make the groups. */
	by: string;
	onBy: (by: string) => void;
}

/** On which kinds of shoppers the compared runs part: a row a value, largest differences first. */
export function EffectBySlice({ comparison: { runs }, metric, by, onBy }: EffectBySliceProps) {
	const trpc = useTRPC();
	const ids = runs.map(({ id }) => id);
	const dataset = runs[0]?.dataset ?? "";
	const attributes = useQuery(trpc.slices.attributes.queryOptions({ dataset }));
	const query = useQuery({
		...trpc.results.slicedRuns.queryOptions({ runs: ids, by, metrics: [metric] }),
		placeholderData: keepPreviousData,
		refetchInterval: refreshTested(false),
	});
	const view = query.isError ? undefined : query.data;
	const offered = attributes.data?.attributes ?? [];
	return (
		<Panel
			title="Effect by slice"
			description="On which kinds of shoppers they differ, largest differences first; corrected over all that is shown."
			actions={view?.groups ? <GridMenu name="effect-by-slice" grids={() => [effectGrid(view, ids, metric)]} /> : null}
		>
			<Select
				aria-label="Attribute"
				className="mb-3 w-full sm:w-64"
				value={by}
				onChange={({ target }) => onBy(target.value)}
			>
				{offered.some(({ name }) => name === by) ? null : <option value={by}>by {by}</option>}
				{offered.map(({ name, title, lacks }) => (
					<option key={name} value={name} disabled={lacks !== null} title={lacks ?? undefined}>
						by {title.toLowerCase()}
					</option>
				))}
			</Select>
			{query.isError ? (
				<ErrorState
					title="The runs could not be sliced."
					message={query.error.message}
					actions={<Button onClick={() => void query.refetch()}>Try again</Button>}
				/>
			) : null}
			{!query.isError && !view?.groups && !view?.computing?.failed ? (
				<TableSkeleton columns={["Slice", "Shoppers", ...ids.map((_, place) => letterOf(place))]} rows={4} />
			) : null}
			{view?.groups ? <EffectTable view={view} ids={ids} metric={metric} /> : null}
			<ComputingTests computing={view?.computing} className="mt-3 max-w-md" />
			{view && view.left > 0 ? (
				<p className="mt-2 text-xs text-ink-faint">
					{view.left} further groups, those with the fewest shoppers, are left out.
				</p>
			) : null}
		</Panel>
	);
}

interface EffectTableProps {
	view: SlicedRuns;
	ids: readonly string[];
	metric: MetricKind;
}

function EffectTable({ view, ids, metric }: EffectTableProps) {
	return (
		<GroupsTable
			label="Effect by slice"
			className="max-h-112"
			by={view.by}
			groups={view.groups ?? []}
			columns={ids.map((id, place) => ({ id, head: <LetterBadge place={place} /> }))}
			cellOf={(group, id) => <FigureText figure={figureOf(view, group, id, metric)} isSmall={group.isSmall} />}
		/>
	);
}

function FigureText({ figure, isSmall }: { figure: Figure | null; isSmall: boolean }) {
	if (figure === null) return <Missing reason="Not tested on these shoppers." />;
	const { value, difference } = figure;
	return (
		<span
			title={
				difference
					? `95 % interval of the difference ${formatDelta(difference.low)} to ${formatDelta(difference.high)}`
					: undefined
			}
			className={cn("inline-flex flex-col items-end", isSmall && "text-ink-faint")}
		>
			{formatMetric(value)}
			{difference ? (
				<span className={cn("text-xs whitespace-nowrap", difference.adjustedP <= 0.05 ? "text-ink" : "text-ink-faint")}>
					{formatDelta(difference.value)}
					<SignificanceMark p={difference.adjustedP} />
				</span>
			) : null}
		</span>
	);
}

type Group = NonNullable<SlicedRuns["groups"]>[number];

function figureOf(view: Pick<SlicedRuns, "k">, group: Group, id: string, metric: MetricKind): Figure | null {
	return group.cells.find(({ method }) => method === id)?.metrics[`${metric}@${view.k}`] ?? null;
}

/** The table as it stands on the page. */
function effectGrid(view: SlicedRuns, ids: readonly string[], metric: MetricKind): Grid {
	const title = metricTitle(metric, view.k);
	const others = ids.slice(1);
	return {
		name: "effect-by-slice",
		caption: `${title} by ${(view.by?.title ?? "slice").toLowerCase()}. Δ: the run minus A, paired over shoppers, with its 95 % interval; marks after Holm's correction over ${view.tests ?? 0} tests.`,
		columns: [
			view.by?.title ?? "Slice",
			"Shoppers",
			...ids.map((_, place) => letterOf(place)),
			...others.map((_, place) => `Δ ${letterOf(place + 1)}`),
		],
		rows: (view.groups ?? []).map((group) => [
			{ text: groupTitle(group, view.by) },
			{ text: String(group.users) },
			...ids.map((id) => ({ text: figureOf(view, group, id, metric)?.value.toFixed(4) ?? "–" })),
			...others.map((id): GridCell => {
				const difference = figureOf(view, group, id, metric)?.difference;
				if (!difference) return { text: group.isSmall ? "few" : "–" };
				return { text: formatInterval(difference), mark: significanceMark(difference.adjustedP) };
			}),
		]),
		notes: (view.groups ?? []).some(({ isSmall }) => isSmall)
			? ["Groups of fewer than 30 shoppers are not tested."]
			: [],
	};
}
