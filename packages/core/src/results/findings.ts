import type { Contrast } from "../statistics";
import type { Claim, ClaimSource } from "./claims";
import { METRIC_NAMES, METRIC_TITLES, type MetricName } from "./metric-names";
import { type AdjustedDifference, adjustTogether, formatInterval } from "./paired";

export const VERDICTS = ["holds", "does not hold", "undecided", "not measured"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One test of a claim where it was asked; `contrast` is null where a run that it needs is missing. */
export interface TestedClaim {
	/** The dataset; for zero-shot with the one that was trained on, `shop-clothing from shop-footwear`. */
	where: string;
	test: string;
	contrast: Contrast | null;
}

export interface Evidence {
	where: string;
	test: string;
	metric: MetricName;
	/** Null where nothing was measured. */
	difference: AdjustedDifference | null;
}

export interface Finding {
	id: string;
	source: ClaimSource;
	claim: string;
	verdict: Verdict;
	/** The verdict's reason in one sentence. */
	summary: string;
	counts: { above: number; undecided: number; below: number; missing: number };
	evidence: Evidence[];
}

/**
 * What the measured runs say of a claim. Such a claim speaks of all its comparisons at once, so
 *
 * - it holds where every measured interval lies above zero (all must reject, which needs no correction: Berger 1982,
 *   intersection-union test);
 * - it does not hold where some difference is below zero with a p of at most .05 after Holm's correction over the claim's
 *   tests;
 * - it is undecided otherwise, and not measured where nothing was.
 *
 * Comparisons without runs are counted and change no verdict; {@link verdictWords} says so where a claim holds.
 */
export function judge({ id, source, claim }: Claim, tested: readonly TestedClaim[]): Finding {
	const adjusted = adjustTogether(tested.flatMap(({ contrast }) => contrast ?? []));
	let next = 0;
	const evidence = tested.flatMap(({ where, test, contrast }): Evidence[] => {
		const metrics = contrast === null ? undefined : adjusted[next]?.metrics;
		if (contrast !== null) next += 1;
		return METRIC_NAMES.map((metric) => ({ where, test, metric, difference: metrics?.[metric] ?? null }));
	});
	const counts = { above: 0, undecided: 0, below: 0, missing: 0 };
	for (const { difference } of evidence) counts[sideOf(difference)] += 1;
	const verdict = verdictOf(counts);
	return { id, source, claim, verdict, summary: summarise(verdict, counts, evidence), counts, evidence };
}

function sideOf(difference: AdjustedDifference | null): keyof Finding["counts"] {
	if (difference === null) return "missing";
	if (difference.low > 0) return "above";
	return difference.value < 0 && difference.adjustedP <= 0.05 ? "below" : "undecided";
}

function verdictOf({ above, undecided, below }: Finding["counts"]): Verdict {
	if (above + undecided + below === 0) return "not measured";
	if (below > 0) return "does not hold";
	return undecided > 0 ? "undecided" : "holds";
}

function summarise(verdict: Verdict, counts: Finding["counts"], evidence: readonly Evidence[]): string {
	const { above, undecided, below, missing } = counts;
	const measured = above + undecided + below;
	if (verdict === "not measured") return "No run that it needs has succeeded.";
	const sides = [
		`${above} of ${measured} differences have their interval above zero`,
		...(undecided > 0 ? [`${undecided} leave it open after correction`] : []),
		...(below > 0 ? [`${below} are below zero`] : []),
		...(missing > 0 ? [`${missing} were not measured`] : []),
	];
	const [worst] = evidence
		.filter(({ difference }) => sideOf(difference) === "below" || (below === 0 && sideOf(difference) === "undecided"))
		.sort((a, b) => (a.difference?.value ?? 0) - (b.difference?.value ?? 0));
	const example =
		worst?.difference == null
			? ""
			: ` Furthest from it: ${worst.test} on ${worst.where}, ${METRIC_TITLES[worst.metric]} ${formatInterval(worst.difference)}.`;
	return `${sides.join(", ")}.${example}`;
}

/** The verdict as one says it: what holds without having been asked everywhere holds as far as measured. */
export function verdictWords({ verdict, counts }: Pick<Finding, "verdict" | "counts">): string {
	return verdict === "holds" && counts.missing > 0 ? "holds as far as measured" : verdict;
}

/** One line for under a table or figure: what the paper concludes, and what was found here. */
export function findingNote(finding: Finding): string {
	return `Paper: ${finding.claim} Here: ${verdictWords(finding)}. ${finding.summary}`;
}
