import {
	codeWidth,
	countValues,
	decodeNumbers,
	findAttribute,
	READY_SLICES,
	SLICE_ATTRIBUTES,
	type SliceAttribute,
} from "@atelier/core";
import { z } from "zod";
import { findDataset } from "../../rows/find-dataset";
import { procedure } from "../../trpc";

/** Values of one attribute that are named, those of most examples first. */
const MOST_VALUES = 100;
/** An attribute with more different values than this is not counted for a list that nobody could read. */
const MOST_COUNTED = 5_000;

const dictionaryOf = z.array(z.string());

interface Column {
	name: string;
	lacks: string | null;
	different: number;
	/** Null where there are too many to count. */
	dictionary: unknown;
	codes: Buffer | null;
}

/**
 * What the test shoppers of a data set have, for those who put a slice together: attributes with their values and how many
 * have them, or why there are none. Of the newest split that was measured on it.
 */
export const attributes = procedure.input(z.object({ dataset: z.string() })).query(async ({ ctx: { db }, input }) => {
	const dataset = await findDataset(db, input.dataset);
	const rows = await db.$queryRaw<Column[]>`
		SELECT name, lacks, different, CASE WHEN different <= ${MOST_COUNTED} THEN dictionary END AS dictionary,
			CASE WHEN different <= ${MOST_COUNTED} AND kind = 'category' THEN codes END AS codes
		FROM (
			SELECT DISTINCT ON (name) name, example_column.kind, lacks, dictionary, codes,
				jsonb_array_length(dictionary) AS different
			FROM example_column JOIN stage ON stage.key = example_column.stage_key
			WHERE stage.dataset_id = ${dataset.id} ORDER BY name, stage.finished_at DESC NULLS LAST
		) AS newest`;
	const known = new Map(rows.map((row) => [row.name, row]));
	const names = [...new Set([...SLICE_ATTRIBUTES.map(({ name }) => name), ...known.keys()])];
	return {
		dataset: dataset.name,
		ready: READY_SLICES,
		attributes: names.flatMap((name) => {
			const attribute = findAttribute(name);
			return attribute === null ? [] : [{ ...attribute, ...offered(attribute, known.get(name)) }];
		}),
	};
});

/** What there is of an attribute: of a category the values, of a number the ends of its range. */
function offered({ about, kind }: SliceAttribute, column: Column | undefined) {
	const nothing = { values: [], left: 0, from: null, to: null };
	if (column === undefined) {
		const lacks = about === "run" ? "no run put candidates into a prompt here." : "no run was measured here yet.";
		return { ...nothing, lacks };
	}
	const { lacks, different } = column;
	if (column.dictionary === null) return { ...nothing, lacks, left: different };
	const dictionary = dictionaryOf.parse(column.dictionary);
	if (kind === "number") return { ...nothing, lacks, from: dictionary[0] ?? null, to: dictionary.at(-1) ?? null };
	if (column.codes === null) return { ...nothing, lacks };
	const codes = decodeNumbers(column.codes, codeWidth(dictionary.length));
	const values = countValues({ dictionary, codes });
	return { ...nothing, lacks, values: values.slice(0, MOST_VALUES), left: Math.max(0, values.length - MOST_VALUES) };
}
