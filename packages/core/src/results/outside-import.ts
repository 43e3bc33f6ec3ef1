import { z } from "zod";
import { outsideMapping } from "./outside-mapping";

/** What is done with shoppers that the file and the split do not share; without a word, neither is taken. */
export const outsideLeniency = z.strictObject({
	/** Rows of shoppers who are no test shoppers of the split are left out. */
	ignoreUnknown: z.boolean().default(false),
	/** Test shoppers without a row count as missed. */
	missingAsMissed: z.boolean().default(false),
});
export type OutsideLeniency = z.infer<typeof outsideLeniency>;

/** One thing that is wrong with a file, with the first rows that show it. */
export const outsideProblem = z.object({
	message: z.string(),
	count: z.number(),
	first: z.array(z.object({ line: z.number().nullable(), text: z.string() })),
});
export type OutsideProblem = z.infer<typeof outsideProblem>;

/** What was found in a file of ranks, whether or not it can be imported. */
export const outsideReport = z.object({
	file: z.string(),
	columns: z.array(z.string()),
	/** The first rows, as text. */
	preview: z.array(z.array(z.string().nullable())),
	/** What was read as what; null where nobody could tell. */
	mapping: outsideMapping.nullable(),
	/** Test shoppers of the split in this setting, and those of the file among them. */
	shoppers: z.object({ expected: z.number(), found: z.number() }),
	/** What keeps the file from being imported; nothing where it can be. */
	problems: z.array(outsideProblem),
	/** What was seen and does no harm. */
	notes: z.array(z.string()),
	/** What a reader of the figures has to know. */
	warnings: z.array(z.string()),
	/** `recall@10` → value, of what would be imported; null while there are problems. */
	metrics: z.record(z.string(), z.number()).nullable(),
});
export type OutsideReport = z.infer<typeof outsideReport>;

/** A problem in one sentence, for a message: how often, and where first. */
export function problemWords({ message, count, first }: OutsideProblem): string {
	const where = first.map(({ line, text }) => (line === null ? text : `line ${line}: ${text}`)).join("; ");
	return `${message} (${count.toLocaleString("en-US")}). First: ${where}${count > first.length ? "; …" : ""}`;
}
