import {
	codeWidth,
	countValues,
	decodeNumbers,
	findAttribute,
	READY_SLICES,
	SLICE_ATTRIBUTES,
	type SliceAttribute,
} from "@atelier/core";
import type { Database } from "@atelier/db";
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
	stageKey: string;
}

/**
 * What the test shoppers of a data set have, for those who put a slice together: attributes with their values and how many
 * have them, or why there are none. Of the newest split that was measured on it.
 */
export const attributes = procedure.input(z.object({ dataset: z.string() })).query(async ({ ctx: { db }, input }) => {
	const dataset = await findDataset(db, input.dataset);
	const rows = await db.$queryRaw<Column[]>`
		SELECT DISTINCT ON (name) name, stage.key AS "stageKey", lacks, jsonb_array_length(dictionary) AS different
		FROM example_column JOIN stage ON stage.key = example_column.stage_key
		WHERE stage.dataset_id = ${dataset.id} ORDER BY name, stage.finished_at DESC NULLS LAST`;
	const known = new Map(rows.map((row) => [row.name, row]));
	const names = [...new Set([...SLICE_ATTRIBUTES.map(({ name }) => name), ...known.keys()])];
	const attributes = [];
	for (const name of names) {
		const attribute = findAttribute(name);
		// One after another: a column of a large test set is some hundred kilobytes to count.
		if (attribute !== null) attributes.push({ ...attribute, ...(await offered(db, attribute, known.get(name))) });
	}
	return { dataset: dataset.name, ready: READY_SLICES, attributes };
});

/** What there is of an attribute: of a category the values, of a number the ends of its range. */
async function offered(db: Database, { name, about, kind }: SliceAttribute, column: Column | undefined) {
	const nothing: Offer = { values: [], left: 0, from: null, to: null };
	if (column === undefined) {
		const lacks = about === "run" ? "no run put candidates into a prompt here." : "no run was measured here yet.";
		return { ...nothing, lacks };
	}
	const { stageKey, lacks, different } = column;
	if (kind === "flag" || different === 0) return { ...nothing, lacks };
	if (different > MOST_COUNTED) return { ...nothing, lacks, left: different };
	const row = await db.exampleColumn.findUniqueOrThrow({
		where: { stageKey_name: { stageKey, name } },
		select: { dictionary: true, codes: kind === "category" },
	});
	const dictionary = dictionaryOf.parse(row.dictionary);
	if (kind === "number") return { ...nothing, lacks, from: dictionary[0] ?? null, to: dictionary.at(-1) ?? null };
	const codes = decodeNumbers(row.codes ?? new Uint8Array(0), codeWidth(dictionary.length));
	const values = countValues({ dictionary, codes });
	return { ...nothing, lacks, values: values.slice(0, MOST_VALUES), left: Math.max(0, values.length - MOST_VALUES) };
}

interface Offer {
	values: { value: string; count: number }[];
	/** Values beyond those. */
	left: number;
	from: string | null;
	to: string | null;
}
