"use client";
import { Badge, Button, Elapsed, ErrorState, formatCount, Skeleton, Spinner } from "@atelier/ui";
import { ArrowDown, ArrowRight, ArrowUp, Radio } from "lucide-react";
import { useState } from "react";
import type { Inspected, Recommendation } from "./inspector-types";
import { describeWhatIf, type WhatIf } from "./inspector-view";
import { ItemLine } from "./item-line";
import { OriginBadge } from "./lists-section";
import { type ComparedPlace, describeComparison, prepareComparison } from "./prepare-comparison";
import type { useRecommendation } from "./use-recommendation";

export interface WhatIfResultProps {
	inspected: Inspected;
	stored: Recommendation;
	whatIf: WhatIf;
	answer: ReturnType<typeof useRecommendation>;
}

/** The answer to a what-if beside what is stored; while it is made, how far it is. */
export function WhatIfResult({ inspected, stored, whatIf, answer }: WhatIfResultProps) {
	if (answer.isError) {
		return (
			<ErrorState
				title="The recommendation could not be recomputed."
				message={answer.error.message}
				kept="The stored recommendation above is as it was."
				actions={<Button onClick={() => void answer.refetch()}>Try again</Button>}
			/>
		);
	}
	if (answer.data?.state !== "ready") return <Waiting loading={answer.data?.state === "starting"} />;
	const { recommendation, source } = answer.data;
	const comparison = prepareComparison(stored, recommendation);
	const truth = inspected.groundTruth.item.itemId;
	return (
		<div className="space-y-4">
			<div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm">
				{source === "live" ? (
					<Badge tone="accent" icon={<Radio aria-hidden />} title="Computed by the run's models just now, not stored.">
						live
					</Badge>
				) : (
					<Badge title="Another mixup of the two stored lists: no model was needed.">from the stored lists</Badge>
				)}
				<span className="min-w-0 break-words text-ink-muted">{describeWhatIf(whatIf)}</span>
			</div>
			<RankChange {...comparison.rank} />
			<div className="grid gap-x-8 gap-y-5 md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
				<div className="min-w-0">
					<h3 className="text-sm font-medium">Final list</h3>
					<p className="mb-1.5 text-xs text-ink-faint">{describeComparison(comparison)}</p>
					<ol className="-mx-2">
						{comparison.list.map((place) => (
							<ItemLine
								key={place.place}
								item={place.item}
								place={place.place}
								truth={place.item.itemId === truth}
								meta={
									<>
										<Move {...place} />
										<OriginBadge origin={place.origin} />
									</>
								}
							/>
						))}
					</ol>
				</div>
				<div className="min-w-0">
					<h3 className="text-sm font-medium">Left the list</h3>
					<p className="mb-1.5 text-xs text-ink-faint">with the place each had</p>
					{comparison.left.length === 0 ? (
						<p className="text-sm text-ink-muted">None.</p>
					) : (
						<ul className="-mx-2">
							{comparison.left.map(({ item, was }) => (
								<ItemLine key={item.itemId} item={item} place={was} truth={item.itemId === truth} />
							))}
						</ul>
					)}
				</div>
			</div>
		</div>
	);
}

/** `#12 → #3`, in words as well. */
function RankChange({ before, after }: { before: number | null; after: number | null }) {
	const text = (rank: number | null) => (rank === null ? "not ranked" : `#${formatCount(rank)}`);
	const worth = (rank: number | null) => rank ?? Number.POSITIVE_INFINITY;
	const verdict = worth(after) < worth(before) ? "better" : worth(after) > worth(before) ? "worse" : "unchanged";
	return (
		<p className="flex flex-wrap items-center gap-x-2 text-lg font-semibold tabular-nums">
			<span className="text-sm font-normal text-ink-muted">Rank of what was bought</span>
			<span className="text-ink-muted">{text(before)}</span>
			<ArrowRight aria-label="becomes" className="size-4 text-ink-faint" />
			{text(after)}
			<Badge tone={verdict === "better" ? "good" : verdict === "worse" ? "bad" : "neutral"}>{verdict}</Badge>
		</p>
	);
}

function Move({ was, place }: Pick<ComparedPlace, "was" | "place">) {
	if (was === place) return null;
	if (was === null) return <Badge tone="accent">new</Badge>;
	const Arrow = was > place ? ArrowUp : ArrowDown;
	return (
		<span className="inline-flex h-5 items-center gap-0.5 tabular-nums">
			<Arrow aria-hidden className="size-3" />
			was {was}
		</span>
	);
}

/** Mounted once for a whole wait, so that the time runs on over the polls. */
function Waiting({ loading }: { loading: boolean }) {
	const [since] = useState(() => new Date());
	return (
		<div aria-live="polite">
			<p className="mb-4 flex items-center gap-2 text-sm text-ink-muted">
				<Spinner />
				{loading ? "The models are loading; they stay ready for the next change." : "Recomputing."}
				<Elapsed from={since} />
			</p>
			<div aria-hidden className="space-y-9">
				{[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((row) => (
					<Skeleton key={row} className="w-3/5" />
				))}
			</div>
		</div>
	);
}
