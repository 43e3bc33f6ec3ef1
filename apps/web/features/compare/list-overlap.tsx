import { letterOf } from "@atelier/core";
import { formatCount, formatShare, KeyValue, Skeleton } from "@atelier/ui";
import type { ListOverlap } from "./compare-types";

/** How alike the two lists are, whatever was bought. */
export function ListOverlapFacts({ overlap, place }: { overlap: ListOverlap | undefined; place: number }) {
	const letter = letterOf(place);
	return (
		<div className="min-w-0">
			<h3 className="mb-1 text-sm font-medium">Overlap of the lists</h3>
			{overlap === undefined ? (
				<div aria-hidden className="space-y-2">
					<Skeleton className="h-6" />
					<Skeleton className="h-6" />
					<Skeleton className="h-6" />
				</div>
			) : (
				<>
					<KeyValue
						entries={[
							{ key: `Items of the first ${overlap.k} in both`, value: `${overlap.shared.toFixed(2)} of ${overlap.k}` },
							{ key: "Same first item", value: formatShare(overlap.sameFirst) },
							{ key: "Same list, in the same order", value: formatShare(overlap.sameList) },
						]}
					/>
					<p className="mt-2 text-xs text-ink-faint">
						{overlap.sampled < overlap.shoppers
							? `Mean over ${formatCount(overlap.sampled)} of ${formatCount(overlap.shoppers)} shoppers, every n-th of them.`
							: `Mean over all ${formatCount(overlap.sampled)} shoppers.`}{" "}
						A and {letter} can share a list and still differ in rank, and the reverse.
					</p>
				</>
			)}
		</div>
	);
}
