import { Badge, cn, formatCount } from "@atelier/ui";
import Link from "next/link";
import { MethodChip } from "~/features/methods";
import type { Inspected } from "./inspector-types";
import { inspectHref } from "./inspector-view";
import { ItemLine } from "./item-line";
import { Step } from "./step";

/** What the shopper bought, and where every method of the dataset had it. */
export function TruthSection({ inspected }: { inspected: Inspected }) {
	const { groundTruth, ranks, run, user } = inspected;
	return (
		<Step
			number={2}
			title={inspected.target === "click" ? "What was clicked" : "What was bought"}
			badges={groundTruth.cold ? <Badge title="This product is nowhere in the training part.">cold start</Badge> : null}
		>
			<ul className="-mx-2">
				<ItemLine item={groundTruth.item} truth detailed />
			</ul>
			<h3 className="mt-4 mb-2 text-sm font-medium">Its rank by method</h3>
			<ul className="flex flex-wrap gap-2">
				{ranks.map(({ method, runId, rank }) => (
					<li key={method}>
						<Link
							href={inspectHref({ run: runId, user })}
							aria-current={runId === run.id || undefined}
							className={cn(
								"flex h-8 items-center gap-2.5 rounded-md border px-2.5 text-sm hover:bg-hover",
								runId === run.id && "border-line-strong bg-sunken",
							)}
						>
							<MethodChip method={method} />
							{rank === null ? (
								<span className="text-ink-faint">not ranked</span>
							) : (
								<span className="font-medium tabular-nums">#{formatCount(rank)}</span>
							)}
						</Link>
					</li>
				))}
			</ul>
			<p className="mt-2 text-xs text-ink-faint">
				From the newest run of each method under the same split; “not ranked” is beyond the end of its list.
			</p>
		</Step>
	);
}
