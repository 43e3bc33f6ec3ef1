"use client";
import { Button, EmptyState, ErrorState, PageHeader, TableSkeleton } from "@atelier/ui";
import { FilterX, History, Rocket } from "lucide-react";
import Link from "next/link";
import { useMemo, useState } from "react";
import { ImportRunButton } from "~/features/outside/import-run-button";
import { DataTable } from "~/features/table";
import { useUrlState } from "~/features/url-state";
import { BulkBar, type SelectedRuns } from "./bulk-bar";
import { listedColumns } from "./listed-columns";
import { RUN_HEADS } from "./run-columns";
import { RunPeek } from "./run-peek";
import { RunsFilters } from "./runs-filters";
import { RunsGroups } from "./runs-groups";
import { RunsToolbar } from "./runs-toolbar";
import { filterOf, isFiltered, orderOf, type RunCondition, runsViewCodec, UNFILTERED } from "./runs-view";
import { useRunColumns, useRuns } from "./use-runs";

export function RunsPage() {
	const [view, update] = useUrlState(runsViewCodec);
	const { offered, shown } = useRunColumns(view);
	const isGrouped = view.group.length > 0;
	const runs = useRuns(view, shown);
	const [selected, setSelected] = useState<SelectedRuns>(new Map());
	const rows = runs.data?.pages.flatMap((page) => page.rows) ?? [];
	const first = runs.data?.pages[0];
	const columns = useMemo(() => listedColumns(shown, selected, setSelected), [shown, selected]);
	const filtered = isFiltered(view);
	const clear = () => update(UNFILTERED, { push: true });
	return (
		<>
			<PageHeader
				title="Runs"
				description="One method on one dataset with one seed. Stages are shared: what one run made, the next one reuses."
				actions={
					<>
						<ImportRunButton />
						<Button asChild variant="primary">
							<Link href="/launch">
								<Rocket /> Launch runs
							</Link>
						</Button>
					</>
				}
			/>
			<RunsFilters view={view} onChange={(change) => update(change, { push: true })} />
			<RunsToolbar view={view} offered={offered} shown={shown} onChange={update} />
			{isGrouped ? (
				<RunsGroups
					view={view}
					onSort={(sort) => update({ sort })}
					onOpen={(values) =>
						update({ where: [...view.where, ...values.map(toCondition)], group: [], sort: null }, { push: true })
					}
				/>
			) : null}
			{runs.isPending && !isGrouped ? <TableSkeleton columns={RUN_HEADS} rows={8} /> : null}
			{runs.isError ? (
				<ErrorState
					title="The runs could not be read."
					message={runs.error.message}
					kept="Runs under way go on."
					actions={<Button onClick={() => void runs.refetch()}>Try again</Button>}
				/>
			) : null}
			{runs.isSuccess && !isGrouped && rows.length === 0 ? (
				filtered ? (
					<EmptyState
						icon={FilterX}
						title="No run matches these filters"
						action={<Button onClick={clear}>Clear filters</Button>}
					>
						Take one filter away to see more.
					</EmptyState>
				) : (
					<EmptyState
						icon={History}
						title="No runs yet"
						action={
							<Button asChild variant="primary">
								<Link href="/launch">
									<Rocket /> Plan a launch
								</Link>
							</Button>
						}
					>
						Every run that is launched stands here with its stages, curves, logs and figures.
					</EmptyState>
				)
			) : null}
			{rows.length > 0 && !isGrouped ? (
				<>
					<DataTable
						label="Runs"
						noun="run"
						columns={columns}
						rows={rows}
						total={first?.total ?? undefined}
						isMore={first?.isMore}
						rowKey={(run) => run.id}
						href={(run) => `/runs/${run.id}`}
						onPeek={(run) => update({ peek: run.id }, { push: true })}
						selectedKey={view.peek}
						isSorted
						sort={view.sort}
						onSort={(sort) => update({ sort })}
						onMore={runs.hasNextPage ? () => void runs.fetchNextPage() : undefined}
						loadingMore={runs.isFetchingNextPage}
					/>
					<BulkBar
						selected={selected}
						onSelect={setSelected}
						matching={{ ...filterOf(view), sort: orderOf(view) }}
						total={first === undefined || first.isMore ? null : first.total}
					/>
				</>
			) : null}
			<RunPeek id={view.peek} onClose={() => update({ peek: "" }, { push: true })} />
		</>
	);
}

const toCondition = ({ field, value }: { field: string; value: string | null }): RunCondition =>
	value === null ? { field, is: "none", value: "" } : { field, is: "eq", value };
