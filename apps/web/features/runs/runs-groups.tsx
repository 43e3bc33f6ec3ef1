"use client";
import { EmptyState, ErrorState, formatCount, formatMetric, Missing, TableSkeleton } from "@atelier/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Group } from "lucide-react";
import { methodLook } from "~/features/methods";
import { type Column, DataTable } from "~/features/table";
import { type Outputs, useTRPC } from "~/trpc/client";
import { fieldTitle } from "./field-words";
import { HEADLINE_METRICS } from "./metric-cell";
import { filterOf, type RunsView } from "./runs-view";

type GroupRow = Outputs["runs"]["groups"]["groups"][number];

export interface RunsGroupsProps {
	view: RunsView;
	onSort: (sort: RunsView["sort"]) => void;
	/** Shows the runs of a group. */
	onOpen: (values: readonly { field: string; value: string | null }[]) => void;
}

/** Runs by what they share, with mean and deviation over seeds. */
export function RunsGroups({ view, onSort, onOpen }: RunsGroupsProps) {
	const trpc = useTRPC();
	const groups = useQuery({
		...trpc.runs.groups.queryOptions({ ...filterOf(view), by: view.group }),
		placeholderData: keepPreviousData,
	});
	if (groups.isPending) return <TableSkeleton columns={view.group.map(fieldTitle)} rows={6} />;
	if (groups.isError) return <ErrorState title="The runs could not be grouped." message={groups.error.message} />;
	const { by, groups: rows, isMore } = groups.data;
	if (rows.length === 0) {
		return (
			<EmptyState icon={Group} title="Nothing to group">
				No run matches these filters.
			</EmptyState>
		);
	}
	return (
		<>
			<DataTable
				label="Runs"
				noun="group"
				columns={columnsOf(by)}
				rows={rows}
				rowKey={({ values }) => JSON.stringify(values)}
				total={rows.length}
				isMore={isMore}
				sort={view.sort}
				onSort={onSort}
				onPeek={({ values }) =>
					onOpen(by.map((field, i) => ({ field, value: values[i] === null ? null : wordOf(values[i]) })))
				}
			/>
			<p className="mt-2 text-xs text-ink-faint">
				Mean ± sample deviation over seeds; a seed that was run several times counts once, by the mean of its runs.
				{isMore ? " The groups with the most runs are shown: a filter makes them fewer." : ""}
			</p>
		</>
	);
}

function columnsOf(by: readonly string[]): Column<GroupRow>[] {
	return [
		...by.map(
			(field, i): Column<GroupRow> => ({
				key: field,
				header: fieldTitle(field),
				sortBy: ({ values }) => scalarOf(values[i]),
				cell: ({ values }) =>
					values[i] === null ? <Missing reason="These runs have none." /> : titleOf(field, wordOf(values[i])),
			}),
		),
		{ key: "runs", header: "Runs", numeric: true, sortBy: ({ runs }) => runs, cell: ({ runs }) => formatCount(runs) },
		{ key: "seeds", header: "Seeds", numeric: true, sortBy: ({ seeds }) => seeds, cell: ({ seeds }) => seeds },
		...HEADLINE_METRICS.map(
			({ name, title }): Column<GroupRow> => ({
				key: name,
				header: title,
				numeric: true,
				sortBy: ({ metrics }) => metrics[name]?.mean ?? null,
				cell: ({ metrics }) => {
					const spread = metrics[name];
					if (spread === undefined) return <Missing reason="No run of the group was measured." />;
					return (
						<span title={`over ${spread.seeds} ${spread.seeds === 1 ? "seed" : "seeds"}`} className="whitespace-nowrap">
							{formatMetric(spread.mean)}
							{spread.deviation === null ? null : (
								<span className="text-ink-faint"> ± {formatMetric(spread.deviation)}</span>
							)}
						</span>
					);
				},
			}),
		),
	];
}

type Shown = GroupRow["values"][number] | undefined;

const wordOf = (value: Shown) => (typeof value === "string" ? value : JSON.stringify(value));
const scalarOf = (value: Shown) => (typeof value === "number" || value === null ? value : wordOf(value));
const titleOf = (field: string, word: string) => (field === "method" ? methodLook(word).title : word);
