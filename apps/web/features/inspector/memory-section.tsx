import { CellBar, EmptyState, formatMetric, formatPlural } from "@atelier/ui";
import { SearchX } from "lucide-react";
import { Shown } from "~/features/text/shown";
import type { Recommendation } from "./inspector-types";
import { ItemLine } from "./item-line";
import { Step } from "./step";

export interface MemorySectionProps {
	number: number;
	recommendation: Recommendation;
	truth: number;
}

/** Queries near the shopper's own, and the products that their listings brought. */
export function MemorySection({ number, recommendation, truth }: MemorySectionProps) {
	const { query, neighbours, candidates } = recommendation;
	const offered = candidates.findIndex(({ item }) => item.itemId === truth) + 1;
	return (
		<Step
			number={number}
			title="Query-product memory"
			description={
				query === null ? (
					"The session has no search, so the memory was not asked."
				) : (
					<>
						Asked with{" "}
						<q>
							<Shown>{query}</Shown>
						</q>
						.
					</>
				)
			}
		>
			{neighbours.length === 0 ? (
				<EmptyState icon={SearchX} title="No candidates" className="py-8">
					Nearest queries and the products that shoppers were shown for them stand here where the memory was asked.
				</EmptyState>
			) : (
				<div className="grid gap-x-8 gap-y-5 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
					<div>
						<h3 className="mb-1.5 text-sm font-medium">Nearest queries</h3>
						<ul className="-mx-2">
							{neighbours.map((neighbour, index) => (
								<li key={neighbour.query} className="flex items-center gap-2.5 px-2 py-1.5 text-sm">
									<NeighbourMark index={index} />
									<span className="min-w-0 flex-1 break-words">
										<q>
											<Shown>{neighbour.query}</Shown>
										</q>
										<span className="ml-2 text-xs whitespace-nowrap text-ink-faint">
											{formatPlural(candidates.filter((one) => one.neighbour === index).length, "candidate")}
										</span>
									</span>
									<CellBar value={neighbour.similarity} max={1} className="hidden w-14 sm:block" />
									<span className="text-sm tabular-nums" title="Cosine similarity to the query">
										{formatMetric(neighbour.similarity)}
									</span>
								</li>
							))}
						</ul>
					</div>
					<div>
						<h3 className="mb-1.5 text-sm font-medium">
							Candidates
							<span className="ml-2 font-normal text-ink-faint">
								{offered > 0 ? `what was bought is number ${offered}` : "what was bought is not among them"}
							</span>
						</h3>
						<ol className="-mx-2">
							{candidates.map(({ item, neighbour }, index) => (
								<ItemLine
									key={item.itemId}
									item={item}
									place={index + 1}
									truth={item.itemId === truth}
									meta={<NeighbourMark index={neighbour} />}
								/>
							))}
						</ol>
					</div>
				</div>
			)}
		</Step>
	);
}

/** Names a neighbour in both columns. */
function NeighbourMark({ index }: { index: number }) {
	return (
		<span
			title={`Query ${index + 1} of the nearest`}
			className="inline-flex h-5 min-w-6 items-center justify-center rounded-sm bg-sunken px-1 text-xs text-ink-muted tabular-nums"
		>
			q{index + 1}
		</span>
	);
}
