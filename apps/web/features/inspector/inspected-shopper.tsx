"use client";
import { visibleText } from "@atelier/core";
import { CopyButton, formatCount } from "@atelier/ui";
import { type ReactNode, useEffect, useRef } from "react";
import { runName } from "~/features/methods";
import { Shown } from "~/features/text/shown";
import { HistorySection } from "./history-section";
import type { Inspected } from "./inspector-types";
import { isChanged, UNCHANGED, type WhatIf } from "./inspector-view";
import { LiveSteps } from "./live-steps";
import { MethodSteps } from "./method-steps";
import { RankedSection } from "./ranked-section";
import { Step } from "./step";
import { TruthSection } from "./truth-section";
import { useDraft } from "./use-draft";
import { useRecommendation } from "./use-recommendation";
import { WhatIfBar } from "./what-if-bar";
import { WhatIfForm } from "./what-if-form";
import { WhatIfResult } from "./what-if-result";
import { whyFixed } from "./why-fixed";

export interface InspectedShopperProps {
	inspected: Inspected;
	/** As the URL has it. */
	whatIf: WhatIf;
	onWhatIf: (whatIf: WhatIf) => void;
	/** What a second run did for the shopper; null where none is named. */
	beside: ReactNode;
}

export function InspectedShopper({ inspected, whatIf: asked, onWhatIf, beside }: InspectedShopperProps) {
	const { recommendation, groundTruth, run, user, rank } = inspected;
	const fixed = whyFixed(run);
	const whatIf = fixed === null ? asked : UNCHANGED;
	const truth = groundTruth.item.itemId;
	const { draft, prepared, isNew, change, drop, reset } = useDraft(whatIf, inspected);
	const answer = useRecommendation(run.id, user, whatIf);
	const whatIfStep = useRef<HTMLDivElement>(null);
	const goToResult = useRef(false);
	const shown = isChanged(whatIf);
	useEffect(() => {
		// After the result's place is there, so that the page is long enough to reach it.
		if (!goToResult.current || !shown) return;
		goToResult.current = false;
		whatIfStep.current?.scrollIntoView({ block: "start" });
	});
	const recompute = () => {
		if (prepared === null) return;
		goToResult.current = true;
		if (isNew) onWhatIf(prepared);
		else void answer.refetch();
	};
	const resetAll = () => {
		reset();
		if (shown) onWhatIf(UNCHANGED);
	};
	return (
		<article className="min-w-0 space-y-4" aria-label={`Shopper ${visibleText(user)}`}>
			<header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
				<h2 className="flex min-w-0 items-center gap-1 text-lg font-semibold">
					Shopper{" "}
					<span className="ml-1 font-mono text-base break-all">
						<Shown>{user}</Shown>
					</span>
					<CopyButton text={user} label="Copy the shopper's id" />
				</h2>
				<p className="text-sm text-ink-muted">
					{runName(run)}{" "}
					{rank === null ? (
						"does not rank what was bought."
					) : (
						<>
							ranks what was bought <span className="font-medium text-ink tabular-nums">#{formatCount(rank)}</span>.
						</>
					)}
				</p>
			</header>
			<HistorySection
				history={inspected.history}
				dropped={fixed === null ? draft.drop : []}
				onDrop={fixed === null ? drop : undefined}
			/>
			<TruthSection inspected={inspected} />
			{beside}
			{recommendation === null ? (
				<RankedSection number={3} inspected={inspected} />
			) : (
				<>
					<MethodSteps recommendation={recommendation} truth={truth} n={inspected.n} from={3} />
					{run.method === "ours-plus" ? <RankedSection number={7} inspected={inspected} /> : null}
				</>
			)}
			{recommendation === null || fixed !== null ? null : (
				<>
					<div ref={whatIfStep} className="scroll-mt-20">
						<Step number={7} title="What if" description="Change what went in, and see what comes out.">
							<WhatIfForm
								draft={draft}
								whatIf={prepared}
								inspected={inspected}
								canReset={shown || isNew || prepared === null}
								busy={shown && (answer.isFetching || answer.data?.state === "starting")}
								onDraft={change}
								onRecompute={recompute}
								onReset={resetAll}
							/>
							{shown ? (
								<div className="mt-5 border-t pt-5">
									<WhatIfResult inspected={inspected} stored={recommendation} whatIf={whatIf} answer={answer} />
								</div>
							) : null}
						</Step>
					</div>
					{shown && answer.data?.state === "ready" && answer.data.source === "live" ? (
						<LiveSteps recommendation={answer.data.recommendation} truth={truth} n={whatIf.n ?? inspected.n} from={3} />
					) : null}
					{isNew && prepared !== null && isChanged(prepared) ? (
						<WhatIfBar whatIf={prepared} onRecompute={recompute} onReset={resetAll} />
					) : null}
				</>
			)}
			{fixed === null ? null : <p className="text-sm text-ink-muted">{fixed}</p>}
		</article>
	);
}
