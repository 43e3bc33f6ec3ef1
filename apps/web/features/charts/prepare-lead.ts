import { type AdjustedDifference, METRIC_TITLES, type MetricName, OUR_METHODS, turnedDifference } from "@atelier/core";
import { formatP } from "@atelier/ui";
import type { ChartPoint } from "./prepare-bars";

/** Two methods that were tested against each other on a chart's shoppers. */
export interface TestedPair {
	method: string;
	other: string;
	/** `method` minus `other`. */
	metrics: Readonly<Record<string, AdjustedDifference>>;
}

/** Methods that are tested against every other, the one that is asked about first. */
const TESTED: readonly string[] = OUR_METHODS;

/**
 * The sentence under a chart: how ours stands to the best of the others, by the paired test that was corrected over all
 * that the page shows. Empty where nothing was tested: intervals of single methods settle no order.
 */
export function describeLead(
	points: readonly ChartPoint[],
	name: MetricName,
	tests: readonly TestedPair[],
	metricTitle: string = METRIC_TITLES[name],
): string {
	const ordered = [...points].sort((a, b) => b.value - a.value);
	const [first, second] = ordered;
	if (first === undefined || second === undefined) return "";
	const own = TESTED.includes(first.method)
		? first
		: TESTED.flatMap((method) => ordered.find((point) => point.method === method) ?? [])[0];
	if (own === undefined) return "";
	const other = own === first ? second : first;
	const test = pairedTest(tests, own.method, other.method, name);
	if (test === null) return "";
	const { value, low, high, adjustedP } = test;
	const evidence = `95 % interval of the difference ${signed(low)} to ${signed(high)}, ${formatP(adjustedP)} after Holm's correction, paired over shoppers`;
	if (value === 0) return `${own.title} and ${other.title} are level in ${metricTitle} (${evidence}).`;
	const stands = `${own.title} is ${Math.abs(value).toFixed(3)} ${metricTitle} ${value > 0 ? "above" : "below"} ${other.title}`;
	return adjustedP <= 0.05 ? `${stands} (${evidence}).` : `${stands}, which the test leaves open (${evidence}).`;
}

/** The test of one method against another, from its side; null where they were not tested. */
export function pairedTest(
	tests: readonly TestedPair[],
	method: string,
	other: string,
	name: MetricName,
): AdjustedDifference | null {
	for (const pair of tests) {
		const test = pair.metrics[name];
		if (test === undefined) continue;
		if (pair.method === method && pair.other === other) return test;
		if (pair.method === other && pair.other === method) return turnedDifference(test);
	}
	return null;
}

const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
