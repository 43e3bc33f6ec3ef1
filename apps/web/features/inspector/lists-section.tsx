import { Badge, formatCount } from "@atelier/ui";
import type { ReactNode } from "react";
import type { Item, Recommendation } from "./inspector-types";
import { ItemLine } from "./item-line";
import { Step } from "./step";

export interface ListsSectionProps {
	number: number;
	recommendation: Recommendation;
	truth: number;
	/** N of the mixup. */
	n: number;
}

/** The two retrieved lists and their mixup. */
export function ListsSection({ number, recommendation, truth, n }: ListsSectionProps) {
	const { idList, titleList, final, rank } = recommendation;
	const plain = (items: readonly Item[]) =>
		items.map((item, index) => (
			<ItemLine key={item.itemId} item={item} place={index + 1} truth={item.itemId === truth} />
		));
	return (
		<Step
			number={number}
			title="Lists and their mixup"
			description={
				<>
					{describeMixup(n)}{" "}
					{rank === null ? "What was bought is not ranked." : `What was bought is #${formatCount(rank)}.`}
				</>
			}
		>
			<div className="grid gap-x-6 gap-y-6 md:grid-cols-3">
				<List title="Id list" note="nearest to the generated id" empty="No id to search with.">
					{plain(idList)}
				</List>
				<List title="Title list" note="nearest to the generated title" empty="No title to search with.">
					{plain(titleList)}
				</List>
				<List title="Final list" note="the recommendation" empty="Nothing to recommend.">
					{final.map(({ item, origin }, index) => (
						<ItemLine
							// biome-ignore lint/suspicious/noArrayIndexKey: the literal mixup may hold an item twice
							key={index}
							item={item}
							place={index + 1}
							truth={item.itemId === truth}
							meta={<OriginBadge origin={origin} />}
						/>
					))}
				</List>
			</div>
		</Step>
	);
}

function describeMixup(n: number): string {
	if (n === 0) return "N = 0: every place comes from the title list.";
	return n === 1
		? "N = 1: the first place comes from the id list, the rest from the title list."
		: `N = ${n}: places 1 to ${n} come from the id list, the rest from the title list.`;
}

export function OriginBadge({ origin }: { origin: string }) {
	return <Badge title={`From the ${origin} list`}>{origin}</Badge>;
}

interface ListProps {
	title: string;
	note: string;
	/** Said where the list holds nothing. */
	empty: string;
	children: ReactNode[];
}

function List({ title, note, empty, children }: ListProps) {
	return (
		<div className="min-w-0">
			<h3 className="text-sm font-medium">{title}</h3>
			<p className="mb-1.5 text-xs text-ink-faint">{note}</p>
			{children.length === 0 ? (
				<p className="text-sm text-ink-muted">{empty}</p>
			) : (
				<ol className="-mx-2">{children}</ol>
			)}
		</div>
	);
}
