"use client";
import { EmptyState, ErrorState, formatDate, Missing, Sheet, TableSkeleton } from "@atelier/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "~/features/table";
import { Shown } from "~/features/text/shown";
import { type Outputs, useTRPC } from "~/trpc/client";
import type { DatasetView } from "./dataset-view";
import { SearchBox } from "./search-box";
import { SequencePanel } from "./sequence-panel";

type Shopper = Outputs["datasets"]["shoppers"]["rows"][number];

const COLUMNS: readonly Column<Shopper>[] = [
	{
		key: "user",
		header: "Shopper",
		cell: (row) => (
			<span className="font-mono text-xs">
				<Shown>{row.userKey}</Shown>
			</span>
		),
	},
	{ key: "searches", header: "Searches", numeric: true, cell: (row) => row.searches },
	{ key: "clicks", header: "Clicks", numeric: true, cell: (row) => row.clicks },
	{ key: "purchases", header: "Purchases", numeric: true, cell: (row) => row.purchases },
	{
		key: "last",
		header: "Last seen",
		numeric: true,
		cell: (row) => (row.lastAt ? formatDate(row.lastAt) : <Missing reason="The log gives an order and no times." />),
	},
];

export interface ShoppersTabProps {
	name: string;
	view: DatasetView;
	onChange: (change: Partial<DatasetView>, options?: { push?: boolean }) => void;
}

export function ShoppersTab({ name, view, onChange }: ShoppersTabProps) {
	const trpc = useTRPC();
	const shoppers = useInfiniteQuery({
		...trpc.datasets.shoppers.infiniteQueryOptions(
			{ name, search: view.search, limit: 100 },
			{ getNextPageParam: (page) => page.nextCursor },
		),
		placeholderData: keepPreviousData,
	});
	const rows = shoppers.data?.pages.flatMap((page) => page.rows) ?? [];
	return (
		<div className="space-y-3">
			<SearchBox label="Beginning of a shopper's id" value={view.search} onChange={(search) => onChange({ search })} />
			{shoppers.isPending ? <TableSkeleton columns={COLUMNS.map(({ header }) => String(header))} rows={10} /> : null}
			{shoppers.isError ? (
				<ErrorState title="The shoppers could not be read." message={shoppers.error.message} />
			) : null}
			{shoppers.isSuccess && rows.length === 0 ? (
				<EmptyState title="No shopper matches">Shoppers are found by the beginning of the source's user id.</EmptyState>
			) : null}
			{rows.length > 0 ? (
				<DataTable
					label="Shoppers"
					noun="shopper"
					columns={COLUMNS}
					rows={rows}
					rowKey={(row) => row.userKey}
					selectedKey={view.user}
					onPeek={(row) => onChange({ user: row.userKey }, { push: true })}
					href={(row) => `/datasets/${encodeURIComponent(name)}?tab=shoppers&user=${encodeURIComponent(row.userKey)}`}
					total={shoppers.hasNextPage ? undefined : rows.length}
					onMore={shoppers.hasNextPage ? () => void shoppers.fetchNextPage() : undefined}
					loadingMore={shoppers.isFetchingNextPage}
				/>
			) : null}
			<Sheet
				open={view.user !== ""}
				onOpenChange={(open) => open || onChange({ user: "" }, { push: true })}
				title={`Shopper ${view.user}`}
			>
				{view.user ? <SequencePanel name={name} user={view.user} /> : null}
			</Sheet>
		</div>
	);
}
