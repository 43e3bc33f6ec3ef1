import { methodLook } from "~/features/methods";
import type { Inspected } from "./inspector-types";
import { ItemLine } from "./item-line";
import { OriginBadge } from "./lists-section";
import { Step } from "./step";

export interface RankedSectionProps {
	number: number;
	inspected: Inspected;
}

/** The list that a run's figures come from, for a method that ranks at once or fuses what stands above it. */
export function RankedSection({ number, inspected: { ranked, run, groundTruth } }: RankedSectionProps) {
	const isFused = run.method === "ours-plus";
	return (
		<Step
			number={number}
			title={isFused ? "Fused ranking" : "Ranked list"}
			description={
				isFused
					? "Beyond the paper: one ranking out of several lists, each product with those that brought it."
					: `The first ${ranked.length} of ${methodLook(run.method).title}, which ranks the catalogue at once: there is no prompt, generation or list to take apart.`
			}
		>
			<ol className="-mx-2">
				{ranked.map(({ item, origin }, index) => (
					<ItemLine
						key={item.itemId}
						item={item}
						place={index + 1}
						truth={item.itemId === groundTruth.item.itemId}
						meta={isFused ? <Origins origin={origin} /> : undefined}
						detailed
					/>
				))}
			</ol>
		</Step>
	);
}

/** `id+memory` as a badge each. */
function Origins({ origin }: { origin: string }) {
	return (
		<span className="flex flex-wrap gap-1">
			{origin.split("+").map((one) => (
				<OriginBadge key={one} origin={one} />
			))}
		</span>
	);
}
