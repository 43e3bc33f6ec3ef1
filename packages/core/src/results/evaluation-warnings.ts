import type { RunWarning } from "./run-warnings";

export interface EvaluationFacts {
	/** Items of the catalogue, all of which are ranked; null where it is not known. */
	items: number | null;
	k: number;
	/** Test examples. */
	examples: number;
}

/** Below this many test examples one shopper more or less moves a figure by a tenth. */
const FEW_EXAMPLES = 10;
/** From this on a random order is right too often for differences to show. */
const MUCH_CHANCE = 0.2;

/** What the size of an evaluation alone says of its figures. */
export function evaluationWarnings({ items, k, examples }: EvaluationFacts): RunWarning[] {
	const warnings: RunWarning[] = [];
	if (items !== null && items <= k) {
		const message = `Catalogue of ${counted(items, "item")}: every list of ${k} holds them all, so Recall@${k} says nothing`;
		warnings.push({ code: "small-catalogue", message });
	} else if (items !== null && k / items >= MUCH_CHANCE) {
		const message = `Catalogue of ${counted(items, "item")}: a random order already has Recall@${k} ${(k / items).toFixed(2)}`;
		warnings.push({ code: "small-catalogue", message });
	}
	if (examples < FEW_EXAMPLES) {
		const message = `Measured on ${counted(examples, "test example")}: too few for the figures or their intervals to mean much`;
		warnings.push({ code: "few-examples", message });
	}
	return warnings;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
