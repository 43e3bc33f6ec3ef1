import { z } from "zod";

/** What a reader of a run's figures has to know. `code` names the kind for programs; without one of its own, the stage. */
export const runWarning = z.object({ code: z.string(), message: z.string() });
export type RunWarning = z.infer<typeof runWarning>;

/** The `warnings` of a run's row. */
export const runWarnings = z.array(runWarning).catch([]);

/** Both lists in order, each warning once. */
export function addWarnings(known: readonly RunWarning[], more: readonly RunWarning[]): RunWarning[] {
	const together = [...known, ...more].map((warning) => [`${warning.code} ${warning.message}`, warning] as const);
	return [...new Map(together).values()];
}

/** A row, cell or point of a table or figure and what its runs warn of. */
export interface Warned {
	/** As the reader finds it: `CORE on hm`. */
	where: string;
	warnings: readonly RunWarning[];
}

/** Sentences under a table, each warning once with all places that it holds for: `CORE on hm, SASRec on hm: …`. */
export function warningNotes(cells: readonly Warned[]): string[] {
	const places = new Map<string, string[]>();
	for (const { where, warnings } of cells) {
		for (const message of new Set(warnings.map((warning) => warning.message))) {
			places.set(message, [...(places.get(message) ?? []), where]);
		}
	}
	return [...places].map(([message, where]) => `${WARNING_MARK} ${where.join(", ")}: ${asSentence(message)}`);
}

/** Stands behind a figure that a note under the table warns of. */
export const WARNING_MARK = "†";

const asSentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);
