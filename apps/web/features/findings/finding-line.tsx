import { METRIC_TITLES } from "@atelier/core";
import { formatDelta, formatP } from "@atelier/ui";
import { describeCounts, type Finding } from "./prepare-findings";
import { VerdictChip } from "./verdict-chip";

/** A claim of the paper, the verdict on it, and behind a line the tests that it rests on. */
export function FindingLine({ finding: { claim, verdict, summary, counts, evidence } }: { finding: Finding }) {
	const tested = evidence.flatMap(({ where, test, metric, difference }) =>
		difference === null ? [] : [{ where, test, metric, difference }],
	);
	return (
		<li className="border-b px-4 py-3 last:border-b-0">
			<div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1.5">
				<p className="min-w-0 flex-1 basis-72 text-sm font-medium">{claim}</p>
				<VerdictChip verdict={verdict} />
			</div>
			<p className="mt-1 text-sm text-ink-muted">{summary}</p>
			{tested.length > 0 ? (
				<details className="mt-1 text-xs text-ink-faint">
					<summary className="hover:text-ink">{describeCounts(counts)}</summary>
					<ul className="mt-1.5 space-y-1 tabular-nums">
						{tested.map(({ where, test, metric, difference: { value, low, high, adjustedP } }) => (
							<li key={`${where} ${test} ${metric}`}>
								{where}, {test}, {METRIC_TITLES[metric]}: {formatDelta(value)} [{formatDelta(low)}, {formatDelta(high)}
								], {formatP(adjustedP)}
							</li>
						))}
					</ul>
				</details>
			) : null}
		</li>
	);
}
