import { methodLook } from "~/features/methods";
import type { Inspected } from "./inspector-types";
import { ItemLine } from "./item-line";
import { Step } from "./step";

/** The list of a method that ranks and explains nothing. */
export function RankedSection({ inspected: { ranked, run, groundTruth } }: { inspected: Inspected }) {
	return (
		<Step number={3} title="Ranked list" description={`The first ${ranked.length} of ${methodLook(run.method).title}.`}>
			<ol className="-mx-2">
				{ranked.map(({ item }, index) => (
					<ItemLine
						key={item.itemId}
						item={item}
						place={index + 1}
						truth={item.itemId === groundTruth.item.itemId}
						detailed
					/>
				))}
			</ol>
		</Step>
	);
}
