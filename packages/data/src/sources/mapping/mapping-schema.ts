import { AppError } from "@atelier/core";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { TIME_UNITS } from "../../import/times";

/** All names that a mapping may hold: the only ones that an error repeats. */
const NAMES = new Set<string>();

/** An object that refuses unknown names and says which ones there are. */
function named<S extends z.core.$ZodLooseShape>(shape: S) {
	for (const name of Object.keys(shape)) NAMES.add(name);
	return z.strictObject(shape, {
		error: (issue) =>
			issue.code === "unrecognized_keys" ? `unknown name; valid names: ${Object.keys(shape).join(", ")}` : undefined,
	});
}

/** `x` is short for `{column: x}`. */
const columnShorthand = (value: unknown) => (typeof value === "string" ? { column: value } : value);

const fileFields = {
	/** Name in the imported folder, with or without `.gz`; the first of several that is there. */
	file: z.union([z.string(), z.array(z.string()).min(1)]),
	/** Separator of a CSV; by default the one that stands most often in its header. */
	delimiter: z.string().length(1).optional(),
	/** Whether fields may stand in double quotes; by default yes for .csv, no for .tsv. */
	quotes: z.boolean().optional(),
	/** Inside quotes, takes the meaning from the character behind it: `\\` where `\\"` stands for a quote. */
	escape: z.string().length(1).optional(),
	/** False where the first line is a row already; `columns` then names them all. */
	header: z.literal(false).optional(),
	columns: z.array(z.string().min(1)).min(1).optional(),
	/** Encoding of the text, such as windows-1252. */
	encoding: z.string().optional(),
};

/** A file without a header has its columns named, and no other has. */
function hasNames({ header, columns }: { header?: false | undefined; columns?: string[] | undefined }): boolean {
	return (header === false) === (columns !== undefined);
}
const NAMES_WANTED = { error: "a file without a header has both header: false and columns: [name, name, …]" };

const titlePart = z.preprocess(
	columnShorthand,
	named({
		column: z.string(),
		/** Characters; a longer text is cut at a blank. */
		maxLength: z.int().positive().optional(),
	}),
);

const items = named({
	...fileFields,
	itemId: z.string(),
	/** The first column that is not empty. */
	title: z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(titlePart).min(1)),
	/** Attribute → column, in the order of the prompts. */
	attributes: z.record(z.string(), z.string()).default({}),
	family: z.string().optional(),
	price: z.string().optional(),
	launchedAt: z.string().optional(),
	/** The file has a row for each interaction: an item's first row counts, the others are no error. */
	repeats: z.boolean().default(false),
	/**
	 * Text of a search before each purchase of the item, `{column}` standing for its values, in lower case; the first
	 * template whose columns are all filled. Such searches are marked as derived.
	 */
	deriveSearch: z.array(z.string()).optional(),
}).refine(hasNames, NAMES_WANTED);

const TIME_FORMATS = ["auto", ...TIME_UNITS, "serial-days", "order", "gaps", "gaps-total"];

const timestamp = z.preprocess(
	columnShorthand,
	named({
		column: z.string().optional(),
		/**
		 * `auto`: ISO 8601, or a number since 1970 in a unit that is told by its size. A unit's name: a number in that unit,
		 * whatever its size. `serial-days`: days as spreadsheets count them. `order`: a number that only orders the events.
		 * A pattern with `%`: strptime. `gaps`: an exploded list of seconds since the event before. `gaps-total`: after all
		 * gaps of such a list.
		 */
		format: z
			.string()
			.refine((value) => TIME_FORMATS.includes(value) || value.includes("%"), {
				error: `format is ${TIME_FORMATS.join(", ")}, or a strptime pattern such as %d/%m/%Y`,
			})
			.default("auto"),
		/** Columns that hold the parts of one moment, in place of `column`. */
		year: z.string().optional(),
		month: z.string().optional(),
		day: z.string().optional(),
		hour: z.string().optional(),
		minute: z.string().optional(),
		second: z.string().optional(),
	}).refine(({ column, year }) => (column === undefined) !== (year === undefined), {
		error: "timestamp is one column, or has year and then month, day, hour, minute, second as far as there are any",
	}),
);
export const TIME_PARTS = ["year", "month", "day", "hour", "minute", "second"] as const;

const explode = named({
	separator: z.string().min(1),
	/** The first list says how many rows there are; longer ones are cut, a shorter one rejects the row. */
	columns: z.array(z.string()).min(1),
});

const action = z.preprocess(
	(value) => (typeof value === "string" ? { always: value } : value),
	named({
		always: z.enum(["search", "click", "purchase"]).optional(),
		column: z.string().optional(),
		/** The source's word → ours; `skip` leaves the row out without counting it as rejected. */
		values: z.record(z.string(), z.enum(["search", "click", "purchase", "skip"])).optional(),
	}).refine((value) => (value.always === undefined) !== (value.column === undefined || value.values === undefined), {
		error: "action is one word (purchase), or has both column and values",
	}),
);

const interactions = named({
	...fileFields,
	explode: explode.optional(),
	userId: z.preprocess(
		columnShorthand,
		named({
			column: z.string().optional(),
			/** Each line of the file is one user. */
			line: z.literal(true).optional(),
		}).refine((value) => (value.column === undefined) !== (value.line === undefined), {
			error: "userId is a column, or {line: true}",
		}),
	),
	itemId: z.string(),
	action,
	/** The query of a search, or the one that led to a click or purchase: a search then goes before it. */
	query: z.preprocess(columnShorthand, named({ column: z.string(), none: z.array(z.string()).default([]) })).optional(),
	/** When that query was searched, where it is not the time of the row. */
	queryTimestamp: z.string().optional(),
	timestamp: timestamp.optional(),
}).refine(hasNames, NAMES_WANTED);

const exposures = named({
	...fileFields,
	query: z.string(),
	itemId: z.string(),
	position: z.string(),
	timestamp: z.string().optional(),
	userId: z.string().optional(),
}).refine(hasNames, NAMES_WANTED);

export const mappingSchema = named({
	description: z.string().optional(),
	items: items.optional(),
	interactions: z.array(interactions).min(1),
	exposures: exposures.optional(),
});
export type Mapping = z.infer<typeof mappingSchema>;
export type ItemsMapping = z.infer<typeof items>;
export type InteractionsMapping = z.infer<typeof interactions>;
export type ExposuresMapping = z.infer<typeof exposures>;

/**
 * Reads a mapping.
 * @throws AppError BAD_REQUEST naming the place in the file and what is wanted there. The file may be none of ours: what
 * stands in it is never repeated, only names that we know.
 */
export function parseMapping(content: string, name: string): Mapping {
	const lines = new LineCounter();
	const document = parseDocument(content, { lineCounter: lines, prettyErrors: false, logLevel: "silent" });
	const placeOf = (offset: number) => {
		const { line, col } = lines.linePos(offset);
		return `line ${line}, column ${col}`;
	};
	const [broken] = document.errors;
	if (broken !== undefined) {
		const code = broken.code.toLowerCase().replaceAll("_", " ");
		throw new AppError("BAD_REQUEST", `${name} is not YAML: ${code}, at ${placeOf(broken.pos[0])}.`);
	}
	const parsed = mappingSchema.safeParse(plainValue(document, name));
	if (parsed.success) return parsed.data;
	const problems = parsed.error.issues.slice(0, MOST_PROBLEMS).map((issue) => {
		const offset = offsetOf(document, issue);
		const at = offset === null ? "" : ` (${placeOf(offset)})`;
		return `  ${pathOf(issue.path)}${at}: ${issue.message.replace(/^Invalid input: expected .*, received undefined$/, "is missing")}`;
	});
	throw new AppError("BAD_REQUEST", `${name} is not a mapping:\n${problems.join("\n")}`);
}

const MOST_PROBLEMS = 20;

function plainValue(document: Document.Parsed, name: string): unknown {
	try {
		return document.toJS({ maxAliasCount: 100 });
	} catch (error) {
		throw new AppError("BAD_REQUEST", `${name} is not YAML that can be read: its aliases lead nowhere or too far.`, {
			cause: error,
		});
	}
}

/** `interactions.0.action`; a name of the file's own, such as an attribute's, is written `*`. */
function pathOf(path: readonly PropertyKey[]): string {
	return (
		path.map((step) => (typeof step === "number" || NAMES.has(String(step)) ? String(step) : "*")).join(".") || "(top)"
	);
}

/** Where an issue stands in the text: an unknown name itself, else the value or the nearest thing around it. */
function offsetOf(document: Document.Parsed, issue: z.core.$ZodIssue): number | null {
	for (let length = issue.path.length; length >= 0; length--) {
		const node = length === 0 ? document.contents : document.getIn(issue.path.slice(0, length), true);
		if (!isNode(node)) continue;
		if (issue.code === "unrecognized_keys" && isMap(node)) {
			const key = node.items
				.map((pair) => pair.key)
				.find((one) => isScalar(one) && issue.keys.includes(String(one.value)));
			if (isScalar(key)) return key.range?.[0] ?? null;
		}
		return node.range?.[0] ?? null;
	}
	return null;
}
