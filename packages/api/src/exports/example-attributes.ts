import { type AttributeKind, codeWidth, decodeNumbers } from "@atelier/core";
import type { Database } from "@atelier/db";
import { z } from "zod";

export interface ExportedAttribute {
	/** As the grammar of slices names it. */
	name: string;
	kind: AttributeKind;
}

export type AttributeValue = string | number | boolean | null;

export interface ExampleAttributes {
	columns: ExportedAttribute[];
	of(exampleId: number): AttributeValue[];
}

/** More are no table for people; a catalogue may have a thousand. */
const MOST = 200;
/** Stands in every export by itself. */
const OWN = "cold";

const dictionaryOf = z.array(z.string());
const kindOf: z.ZodType<AttributeKind> = z.enum(["flag", "number", "category"]);

interface Stored {
	name: string;
	kind: string;
	dictionary: unknown;
	codes: Uint8Array;
}

/** What slices know of a split's test examples; of a split that ended before they were kept, nothing. */
export async function attributesOfSplit(db: Database, split: string): Promise<ExampleAttributes> {
	const [stored, order] = await Promise.all([
		db.$queryRaw<Stored[]>`
			SELECT name, kind, dictionary, codes FROM example_column
			WHERE stage_key = ${split} AND lacks IS NULL AND name <> ${OWN} ORDER BY name LIMIT ${MOST}`,
		// As the set of a split stands (packages/jobs/src/ranks/keep-columns.ts).
		db.$queryRaw<{ exampleId: number }[]>`
			SELECT example_id AS "exampleId" FROM example WHERE stage_key = ${split}
			ORDER BY user_id, target_item, example_id`,
	]);
	const places = new Map(order.map(({ exampleId }, place) => [exampleId, place]));
	const columns = stored.map(({ name, kind, dictionary: given, codes }) => {
		const dictionary = dictionaryOf.parse(given);
		return { name, kind: kindOf.parse(kind), dictionary, codes: decodeNumbers(codes, codeWidth(dictionary.length)) };
	});
	return {
		columns: columns.map(({ name, kind }) => ({ name, kind })),
		of(exampleId) {
			const place = places.get(exampleId);
			return columns.map(({ kind, dictionary, codes }): AttributeValue => {
				const code = place === undefined ? 0 : (codes[place] ?? 0);
				if (kind === "flag") return code !== 0;
				const value = dictionary[code - 1];
				if (value === undefined) return null;
				return kind === "number" ? Number(value) : value;
			});
		},
	};
}
