"use client";
import { EmptyState, ErrorState, Missing, TableSkeleton } from "@atelier/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "~/features/table";
import { Shown } from "~/features/text/shown";
import { type Outputs, useTRPC } from "~/trpc/client";
import { ItemAttributes } from "./item-attributes";
import { SearchBox } from "./search-box";

type Item = Outputs["datasets"]["items"]["rows"][number];

const COLUMNS: readonly Column<Item>[] = [
	{ key: "id", header: "Id", cell: (item) => <span className="font-mono text-xs text-ink-muted">{item.itemId}</span> },
	{
		key: "title",
		header: "Title",
		className: "min-w-72 max-w-xl",
		cell: (item) => (
			<span className="block py-1.5">
				<span className="line-clamp-2">
					{item.title ? <Shown>{item.title}</Shown> : <Missing reason="The source gives no title." />}
				</span>
				<span className="line-clamp-1 text-xs">
					<ItemAttributes attributes={item.attributes} />
				</span>
			</span>
		),
	},
	{
		key: "price",
		header: "Price",
		numeric: true,
		cell: (item) => (item.price === null ? <Missing reason="The source gives no price." /> : item.price.toFixed(2)),
	},
	{
		key: "family",
		header: "Family",
		title: "Variants of one product share it",
		cell: (item) => (item.family ? <Shown>{item.family}</Shown> : <Missing reason="The source names no families." />),
	},
	{
		key: "key",
		header: "Source id",
		cell: (item) => (
			<span className="font-mono text-xs text-ink-muted">
				<Shown>{item.itemKey}</Shown>
			</span>
		),
	},
];

export interface ItemsTabProps {
	name: string;
	search: string;
	onSearch: (search: string) => void;
}

export function ItemsTab({ name, search, onSearch }: ItemsTabProps) {
	const trpc = useTRPC();
	const items = useInfiniteQuery({
		...trpc.datasets.items.infiniteQueryOptions(
			{ name, search, limit: 100 },
			{ getNextPageParam: (page) => page.nextCursor },
		),
		placeholderData: keepPreviousData,
	});
	const rows = items.data?.pages.flatMap((page) => page.rows) ?? [];
	return (
		<div className="space-y-3">
			<SearchBox label="Words of a title, or a source id" value={search} onChange={onSearch} />
			{items.isPending ? <TableSkeleton columns={COLUMNS.map(({ header }) => String(header))} rows={10} /> : null}
			{items.isError ? <ErrorState title="The items could not be read." message={items.error.message} /> : null}
			{items.isSuccess && rows.length === 0 ? (
				<EmptyState title="No item matches">
					Every word has to stand in the title; a source id has to match as a whole.
				</EmptyState>
			) : null}
			{rows.length > 0 ? (
				<DataTable
					label="Items"
					noun="item"
					columns={COLUMNS}
					rows={rows}
					total={items.data?.pages[0]?.total ?? rows.length}
					rowKey={(item) => String(item.itemId)}
					onMore={items.hasNextPage ? () => void items.fetchNextPage() : undefined}
					loadingMore={items.isFetchingNextPage}
				/>
			) : null}
		</div>
	);
}
