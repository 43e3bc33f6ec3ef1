"use client";
import { Button, EmptyState, ErrorState, PageHeader, TableSkeleton } from "@atelier/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { FilterX, History, Rocket } from "lucide-react";
import Link from "next/link";
import { ImportRunButton } from "~/features/outside/import-run-button";
import { DataTable } from "~/features/table";
import { useUrlState } from "~/features/url-state";
import { useTRPC } from "~/trpc/client";
import { RUN_COLUMNS, RUN_HEADS } from "./run-columns";
import { RunPeek } from "./run-peek";
import { isLive } from "./run-types";
import { RunsFilters } from "./runs-filters";
import { isFiltered, runsViewCodec } from "./runs-view";

const PAGE = 200;

export function RunsPage() {
	const trpc = useTRPC();
	const [view, update] = useUrlState(runsViewCodec);
	const { dataset, method, variant, setting, status, launch } = view;
	const runs = useInfiniteQuery({
		...trpc.runs.list.infiniteQueryOptions(
			{ dataset, method, variant, setting, status, launch: launch || undefined, limit: PAGE },
			{ getNextPageParam: (page) => page.nextCursor },
		),
		placeholderData: keepPreviousData,
		refetchInterval: ({ state }) =>
			state.data?.pages.some((page) => page.rows.some((run) => isLive(run.status))) ? 2_000 : 15_000,
	});
	const rows = runs.data?.pages.flatMap((page) => page.rows) ?? [];
	const filtered = isFiltered(view);
	const clear = () =>
		update({ dataset: [], method: [], variant: [], setting: [], status: [], launch: "" }, { push: true });
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
			{runs.isPending ? <TableSkeleton columns={RUN_HEADS} rows={8} /> : null}
			{runs.isError ? (
				<ErrorState
					title="The runs could not be read."
					message={runs.error.message}
					kept="Runs under way go on."
					actions={<Button onClick={() => void runs.refetch()}>Try again</Button>}
				/>
			) : null}
			{runs.isSuccess && rows.length === 0 ? (
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
			{rows.length > 0 ? (
				<DataTable
					label="Runs"
					noun="run"
					columns={RUN_COLUMNS}
					rows={rows}
					total={runs.data?.pages[0]?.total ?? undefined}
					rowKey={(run) => run.id}
					href={(run) => `/runs/${run.id}`}
					onPeek={(run) => update({ peek: run.id }, { push: true })}
					selectedKey={view.peek}
					sort={view.sort}
					onSort={(sort) => update({ sort })}
					onMore={runs.hasNextPage ? () => void runs.fetchNextPage() : undefined}
					loadingMore={runs.isFetchingNextPage}
				/>
			) : null}
			<RunPeek id={view.peek} onClose={() => update({ peek: "" }, { push: true })} />
		</>
	);
}
