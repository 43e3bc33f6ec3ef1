"use client";
import { Badge, Button, ErrorState, formatCount, Panel, Skeleton } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { GitCompareArrows } from "lucide-react";
import Link from "next/link";
import { compareHref } from "~/features/compare/compare-view";
import { MethodMarker, runName } from "~/features/methods";
import { useTRPC } from "~/trpc/client";
import type { Inspected } from "./inspector-types";
import { ItemLine } from "./item-line";

/** The lists that two runs gave the same shopper, side by side, with what only one of them shows marked. */
export function BesideSection({ inspected, run }: { inspected: Inspected; run: string }) {
	const trpc = useTRPC();
	const query = useQuery(trpc.inspector.get.queryOptions({ run, user: inspected.user }));
	const other = query.data;
	return (
		<Panel
			title="Two runs beside each other"
			description="The first ten of both lists. A product that the other run does not show is marked."
			actions={
				<Button asChild size="sm">
					<Link href={compareHref([inspected.run.id, run])}>
						<GitCompareArrows /> Compare
					</Link>
				</Button>
			}
		>
			{query.isPending ? <Skeleton className="h-64" /> : null}
			{query.isError ? (
				<ErrorState title="The other run could not be read for this shopper." message={query.error.message} />
			) : null}
			{other ? (
				<div className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-6 xl:grid-cols-2">
					<RankedList inspected={inspected} other={other} />
					<RankedList inspected={other} other={inspected} />
				</div>
			) : null}
		</Panel>
	);
}

function RankedList({ inspected, other }: { inspected: Inspected; other: Inspected }) {
	const { run, rank, ranked, groundTruth } = inspected;
	const shownByOther = new Set(other.ranked.map(({ item }) => item.itemId));
	return (
		<section aria-label={runName(run)} className="min-w-0">
			<h3 className="mb-1 flex flex-wrap items-center gap-x-2 text-sm font-medium">
				<MethodMarker method={run.method} /> {runName(run)}
				<span className="font-normal text-ink-faint">
					seed {run.seed}, purchase {rank === null ? "not listed" : `at ${formatCount(rank)}`}
				</span>
			</h3>
			<ol className="-mx-2">
				{ranked.map(({ item }, index) => (
					<ItemLine
						key={item.itemId}
						item={item}
						place={index + 1}
						truth={item.itemId === groundTruth.item.itemId}
						meta={shownByOther.has(item.itemId) ? undefined : <Badge>only here</Badge>}
					/>
				))}
			</ol>
		</section>
	);
}
