import { Badge, Missing } from "@atelier/ui";
import { methodLook } from "~/features/methods";
import type { Inspected } from "./inspector-types";
import { ItemLine } from "./item-line";
import { type ListPlace, listPlaces } from "./list-places";
import { Step } from "./step";

export interface RankedSectionProps {
	number: number;
	inspected: Inspected;
}

/** The list that a run's figures come from, for a method that ranks at once or fuses what stands above it. */
export function RankedSection({ number, inspected: { ranked, run, groundTruth, recommendation } }: RankedSectionProps) {
	const isFused = run.method === "ours-plus";
	return (
		<Step
			number={number}
			title={isFused ? "Fused ranking" : "Ranked list"}
			description={
				isFused
					? "Beyond the paper: one ranking out of several lists. Beside each product its place among the candidates and in the first ten of the lists above."
					: `The first ${ranked.length} of ${methodLook(run.method).title}, which ranks the catalogue at once: there is no prompt, generation or list to take apart.`
			}
		>
			<ol className="-mx-2">
				{ranked.map(({ item }, index) => (
					<ItemLine
						key={item.itemId}
						item={item}
						place={index + 1}
						truth={item.itemId === groundTruth.item.itemId}
						meta={recommendation ? <Places places={listPlaces(recommendation, item.itemId)} /> : undefined}
						detailed
					/>
				))}
			</ol>
		</Step>
	);
}

function Places({ places }: { places: readonly ListPlace[] }) {
	if (places.length === 0) return <Missing reason="In none of the lists shown; further down, or in another one." />;
	return (
		<span className="flex flex-wrap justify-end gap-1">
			{places.map(({ list, place }) => (
				<Badge key={list} title={`Number ${place} of the ${list} list`}>
					{list} {place}
				</Badge>
			))}
		</span>
	);
}
