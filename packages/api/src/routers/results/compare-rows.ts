import { adjustTogether, OUR_METHODS, type Protocol } from "@atelier/core";
import type { Database } from "@atelier/db";
import type { MeasuredCell } from "./measured-runs";
import { TestFamily } from "./paired-tests";

/** The rows that are tested against every other. */
const TESTED: readonly string[] = OUR_METHODS;

/** What stands in place of comparisons that were not asked for. */
export const NOT_COMPARED = { computing: null, comparisons: null };

/** One part of a table or figure: rows that were tested on the same shoppers. */
export interface ComparedPart {
	/** Dataset, or whatever names the part. */
	name: string;
	protocol: Protocol | null;
	cells: (MeasuredCell & { method: string })[];
}

/**
 * Paired tests of `ours` and `ours-plus` against every other row of each part; p values are Holm-adjusted over all parts.
 *
 * @returns no comparisons while some are being computed.
 */
export async function compareRows(db: Database, parts: readonly ComparedPart[]) {
	const family = new TestFamily();
	const tests = parts.flatMap(({ name, protocol, cells }) =>
		protocol === null
			? []
			: pairsOf(cells).map(({ own, other }) => ({
					dataset: name,
					method: own.method,
					other: other.method,
					ticket: family.addCells([own.runs], [other.runs], protocol.k),
				})),
	);
	const { computing, contrastOf } = await family.ask(db);
	if (computing !== null) return { computing, comparisons: null };
	const made = tests.flatMap(({ ticket, ...test }) => {
		const contrast = contrastOf(ticket);
		return contrast === null ? [] : [{ ...test, contrast }];
	});
	const adjusted = adjustTogether(made.map(({ contrast }) => contrast));
	const comparisons = made.flatMap(({ contrast: _, ...test }, i) => {
		const one = adjusted[i];
		return one === undefined ? [] : [{ ...test, ...one }];
	});
	return { computing: null, comparisons };
}

/** Each tested row with every other, once a pair. */
function pairsOf(cells: ComparedPart["cells"]) {
	return TESTED.flatMap((method, place) => {
		const own = cells.find((cell) => cell.method === method);
		const before = TESTED.slice(0, place);
		const others = cells.filter((cell) => cell.method !== method && !before.includes(cell.method));
		return own === undefined ? [] : others.map((other) => ({ own, other }));
	});
}
