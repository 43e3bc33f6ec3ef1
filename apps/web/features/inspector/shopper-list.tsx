"use client";
import { visibleText } from "@atelier/core";
import { Button, cn, ErrorState, formatCount, Missing, Select, Skeleton } from "@atelier/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { SearchBox } from "~/features/datasets/search-box";
import { Shown } from "~/features/text/shown";
import { useTRPC } from "~/trpc/client";
import type { Shopper } from "./inspector-types";
import { type InspectorView, SHOPPER_ORDERS, type ShopperOrder } from "./inspector-view";
import { useShopperKeys } from "./use-shopper-keys";

const PAGE = 100;
const ORDER_WORDS: Record<ShopperOrder, string> = { user: "by id", best: "best rank first", worst: "worst rank first" };

/** Test shoppers of a run, page by page. */
export function useShoppers(run: string, { search, order }: Pick<InspectorView, "search" | "order">) {
	const trpc = useTRPC();
	return useInfiniteQuery({
		...trpc.inspector.shoppers.infiniteQueryOptions(
			{ run, search, order, limit: PAGE },
			{
				getNextPageParam: (last, pages) => {
					const loaded = pages.reduce((sum, page) => sum + page.length, 0);
					return loaded < (last[0]?.total ?? 0) ? loaded : null;
				},
			},
		),
		placeholderData: keepPreviousData,
	});
}

export interface ShopperListProps {
	shoppers: ReturnType<typeof useShoppers>;
	search: string;
	order: ShopperOrder;
	/** Whose page is open. */
	user: string;
	onChange: (change: Partial<Pick<InspectorView, "search" | "order">>) => void;
	onChoose: (user: string) => void;
}

export function ShopperList({ shoppers, search, order, user, onChange, onChoose }: ShopperListProps) {
	const frame = useRef<HTMLElement>(null);
	const scroller = useRef<HTMLDivElement>(null);
	const rows = shoppers.data?.pages.flat() ?? [];
	const total = rows[0]?.total ?? 0;
	const loaded = shoppers.isSuccess;
	// Ahead of the URL, which follows a little later: two quick presses are two steps.
	const at = useRef(user);
	const step = (by: 1 | -1) => {
		const place = rows.findIndex((row) => row.user === at.current) + by;
		const next = rows[place];
		if (next) {
			at.current = next.user;
			onChoose(next.user);
		}
		if (place > rows.length - 10 && shoppers.hasNextPage) void shoppers.fetchNextPage();
	};
	useShopperKeys({ onStep: step, list: frame });
	useEffect(() => {
		at.current = user;
		// Within the list only: scrollIntoView would move the page as well.
		const box = loaded ? scroller.current : null;
		const row = box?.querySelector<HTMLElement>(`[data-user="${CSS.escape(user)}"]`);
		if (!box || !row) return;
		const top = row.offsetTop;
		const inSight = top >= box.scrollTop && top + row.offsetHeight <= box.scrollTop + box.clientHeight;
		if (!inSight) box.scrollTop = top - (box.clientHeight - row.offsetHeight) / 2;
	}, [user, loaded]);
	const onArrows = (event: KeyboardEvent) => {
		if (event.target instanceof HTMLSelectElement || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
		event.preventDefault();
		step(event.key === "ArrowDown" ? 1 : -1);
	};
	return (
		<section
			ref={frame}
			aria-label="Shoppers"
			onKeyDown={onArrows}
			className="flex max-h-80 min-w-0 flex-col rounded-md border bg-surface lg:sticky lg:top-20 lg:max-h-[calc(100dvh-6.5rem)]"
		>
			<div className="space-y-2 border-b p-3">
				<SearchBox label="Beginning of a shopper's id" value={search} onChange={(text) => onChange({ search: text })} />
				<div className="flex items-center justify-between gap-2">
					<Select
						aria-label="Order of shoppers"
						className="w-40"
						value={order}
						onChange={({ target }) => onChange({ order: SHOPPER_ORDERS.find((one) => one === target.value) ?? "user" })}
					>
						{SHOPPER_ORDERS.map((one) => (
							<option key={one} value={one}>
								{ORDER_WORDS[one]}
							</option>
						))}
					</Select>
					<span className="text-xs text-ink-faint tabular-nums">{shoppers.data ? formatCount(total) : ""}</span>
				</div>
			</div>
			<div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto p-1.5">
				{shoppers.isPending ? <ShopperListSkeleton /> : null}
				{shoppers.isError ? (
					<ErrorState
						title="The shoppers could not be read."
						message={shoppers.error.message}
						actions={<Button onClick={() => void shoppers.refetch()}>Try again</Button>}
					/>
				) : null}
				{shoppers.isSuccess && rows.length === 0 ? (
					<p className="px-2 py-6 text-center text-sm text-ink-muted">
						{search === "" ? "This run has no test shoppers." : `No test shopper begins with “${search}”.`}
					</p>
				) : null}
				<ul>
					{rows.map((row) => (
						<ShopperRow key={row.user} row={row} open={row.user === user} onChoose={onChoose} />
					))}
				</ul>
				{shoppers.hasNextPage ? (
					<Button
						variant="quiet"
						size="sm"
						className="mt-1 w-full"
						busy={shoppers.isFetchingNextPage}
						onClick={() => void shoppers.fetchNextPage()}
					>
						Show {formatCount(Math.min(PAGE, total - rows.length))} more
					</Button>
				) : null}
			</div>
			<p className="hidden items-center gap-1.5 border-t px-3 py-2 text-xs text-ink-faint lg:flex">
				<Key>j</Key> <Key>k</Key> next, previous <span aria-hidden>·</span> <Key>/</Key> search
			</p>
		</section>
	);
}

interface ShopperRowProps {
	row: Shopper;
	open: boolean;
	onChoose: (user: string) => void;
}

function ShopperRow({ row, open, onChoose }: ShopperRowProps) {
	return (
		<li data-user={row.user}>
			<button
				type="button"
				aria-current={open || undefined}
				onClick={() => onChoose(row.user)}
				className={cn(
					"flex w-full items-baseline gap-3 rounded-sm px-2 py-1.5 text-left -outline-offset-2",
					open ? "bg-accent-soft" : "hover:bg-hover",
				)}
			>
				<span className="min-w-0 flex-1">
					<span className="block truncate font-mono text-xs" title={visibleText(row.user)}>
						<Shown>{row.user}</Shown>
					</span>
					<span
						className="block truncate text-xs text-ink-faint"
						title={row.query === null ? undefined : visibleText(row.query)}
					>
						{row.query === null ? "no search in the session" : <Shown>{row.query}</Shown>}
					</span>
				</span>
				<span className="shrink-0 text-sm tabular-nums">
					{row.rank === null ? (
						<Missing reason="What the shopper bought is not in the run's list." />
					) : (
						<span title="Rank of what the shopper bought">#{formatCount(row.rank)}</span>
					)}
				</span>
			</button>
		</li>
	);
}

export function ShopperListSkeleton() {
	return (
		<div aria-busy className="space-y-3 p-2">
			{[1, 2, 3, 4, 5, 6, 7, 8].map((row) => (
				<div key={row} className="space-y-1.5">
					<Skeleton className="h-3 w-24" />
					<Skeleton className="h-3 w-40" />
				</div>
			))}
		</div>
	);
}

function Key({ children }: { children: string }) {
	return <kbd className="rounded-sm border px-1 font-sans">{children}</kbd>;
}
