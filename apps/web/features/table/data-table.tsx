"use client";
import { Button, cn, formatCount, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { type MouseEvent, type ReactNode, useEffect, useMemo, useRef } from "react";
import type { Sort } from "~/features/url-state";
import { nextSort, type SortValue, sortRows } from "./sort-rows";

export interface Column<Row> {
	key: string;
	header: ReactNode;
	/** Says more about the head on hover. */
	title?: string;
	numeric?: boolean;
	cell: (row: Row) => ReactNode;
	/** Makes the column sortable; null sorts last. */
	sortBy?: (row: Row) => SortValue;
	/** Makes it sortable where the rows come in order already. */
	sortable?: boolean;
	className?: string;
}

export interface DataTableProps<Row> {
	label: string;
	/** The first one stays in view when the table scrolls sideways. */
	columns: readonly Column<Row>[];
	rows: readonly Row[];
	rowKey: (row: Row) => string;
	/** The page of a row: opened by ⌘-click, and by a plain click without `onPeek`. */
	href?: (row: Row) => string;
	/** A plain click: opens the peek panel. */
	onPeek?: (row: Row) => void;
	selectedKey?: string | null;
	sort?: Sort | null;
	onSort?: (sort: Sort | null) => void;
	/** The rows come in the order of `sort`: whoever sends them has sorted them. */
	isSorted?: boolean;
	/** Rows there are in all, when more can be had than are here. */
	total?: number;
	/** There are more than `total` says. */
	isMore?: boolean;
	/** What a row is: `run`. */
	noun?: string;
	onMore?: () => void;
	loadingMore?: boolean;
}

const ROW_HEIGHT = 40;
const VIRTUAL_FROM = 100;

/**
 * Sorted, and virtualised past 100 rows; the page scrolls up to there, the table's own frame after. What more there is
 * is asked for as its end comes near.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
	const { label, columns, rows, rowKey, href, onPeek, selectedKey, sort = null, onSort } = props;
	const { total, isMore = false, noun = "row", onMore, loadingMore, isSorted = false } = props;
	const router = useRouter();
	const frame = useRef<HTMLDivElement>(null);
	const sorted = useMemo(() => {
		const column = isSorted ? undefined : columns.find(({ key }) => key === sort?.by);
		return sort && column?.sortBy ? sortRows(rows, column.sortBy, sort.descending) : rows;
	}, [rows, columns, sort, isSorted]);

	const virtual = sorted.length > VIRTUAL_FROM;
	const virtualizer = useVirtualizer({
		count: sorted.length,
		enabled: virtual,
		getScrollElement: () => frame.current?.querySelector("section") ?? null,
		estimateSize: () => ROW_HEIGHT,
		overscan: 12,
	});
	const window_ = virtual ? virtualizer.getVirtualItems() : null;
	const shown = window_ ? window_.map(({ index }) => sorted[index]).filter((row) => row !== undefined) : sorted;
	const above = window_?.[0]?.start ?? 0;
	const below = virtual ? virtualizer.getTotalSize() - (window_?.at(-1)?.end ?? 0) : 0;

	const isAtEnd = window_ !== null && (window_.at(-1)?.index ?? 0) >= sorted.length - 1;
	useEffect(() => {
		if (isAtEnd && !loadingMore) onMore?.();
	}, [isAtEnd, loadingMore, onMore]);

	const open = (row: Row, event: MouseEvent) => {
		// Links and buttons inside a row act for themselves.
		if (event.target instanceof Element && event.target.closest("a, button, input")) return;
		const page = href?.(row);
		if (page && (event.metaKey || event.ctrlKey)) window.open(page, "_blank");
		else if (onPeek) onPeek(row);
		else if (page) router.push(page);
	};
	return (
		<div ref={frame}>
			<TableFrame label={label} className={virtual ? "max-h-[72dvh]" : undefined}>
				<Table aria-rowcount={virtual ? sorted.length + 1 : undefined}>
					<thead>
						<tr>
							{columns.map((column, index) => (
								<Head key={column.key} column={column} pinned={index === 0} sort={sort} onSort={onSort} />
							))}
						</tr>
					</thead>
					<tbody>
						<Spacer height={above} columns={columns.length} />
						{shown.map((row) => (
							<Tr
								key={rowKey(row)}
								selected={selectedKey === rowKey(row)}
								onClick={href || onPeek ? (event) => open(row, event) : undefined}
							>
								{columns.map((column, index) => (
									<Td key={column.key} numeric={column.numeric} pinned={index === 0} className={column.className}>
										{column.cell(row)}
									</Td>
								))}
							</Tr>
						))}
						<Spacer height={below} columns={columns.length} />
					</tbody>
				</Table>
			</TableFrame>
			{total === undefined ? null : (
				<div className="mt-2 flex items-center justify-between gap-3 text-xs text-ink-faint tabular-nums">
					<span>
						{rows.length < total || isMore
							? `${formatCount(rows.length)} of ${isMore ? "more than " : ""}${formatCount(total)} ${noun}s`
							: `${formatCount(total)} ${total === 1 ? noun : `${noun}s`}`}
					</span>
					{onMore ? (
						<Button size="sm" variant="quiet" busy={loadingMore} onClick={onMore}>
							Load more
						</Button>
					) : null}
				</div>
			)}
		</div>
	);
}

function Spacer({ height, columns }: { height: number; columns: number }) {
	if (height <= 0) return null;
	return (
		<tr aria-hidden>
			<td colSpan={columns} style={{ height }} />
		</tr>
	);
}

interface HeadProps<Row> {
	column: Column<Row>;
	pinned: boolean;
	sort: Sort | null;
	onSort?: (sort: Sort | null) => void;
}

function Head<Row>({ column, pinned, sort, onSort }: HeadProps<Row>) {
	const active = sort?.by === column.key ? sort : null;
	const shared = { numeric: column.numeric, pinned, title: column.title, className: column.className };
	if (!(column.sortBy || column.sortable) || !onSort) return <Th {...shared}>{column.header}</Th>;
	const Arrow = active?.descending ? ArrowDown : ArrowUp;
	return (
		<Th {...shared} aria-sort={active ? (active.descending ? "descending" : "ascending") : "none"}>
			<button
				type="button"
				onClick={() => onSort(nextSort(active, column.key, column.numeric === true))}
				className={cn(
					"group/sort flex w-full items-center gap-1 rounded-sm hover:text-ink",
					column.numeric && "flex-row-reverse",
					active && "text-ink",
				)}
			>
				{column.header}
				<Arrow aria-hidden className={cn("size-3", active ? "" : "opacity-0 group-hover/sort:opacity-60")} />
			</button>
		</Th>
	);
}
