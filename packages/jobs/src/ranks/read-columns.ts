import { AppError, type AttributeKind, codeWidth, decodeNumbers, type ExampleColumn } from "@atelier/core";
import type { Pool } from "@atelier/db";
import { z } from "zod";

const dictionaryOf = z.array(z.string());
const kindOf: z.ZodType<AttributeKind> = z.enum(["flag", "number", "category"]);

interface StoredColumn {
	name: string;
	kind: string;
	setKey: string;
	dictionary: unknown;
	codes: Buffer;
	lacks: string | null;
}

/**
 * Columns of stages in the order of an example set. A stage may know more examples than the set has (a split knows the warm
 * ones too); those that it does not know have no value.
 *
 * @param names which attributes; one that no stage has is left out
 */
export async function readColumns(
	pool: Pool,
	stageKeys: readonly string[],
	names: readonly string[],
	setKey: string,
): Promise<Map<string, ExampleColumn>> {
	if (names.length === 0) return new Map();
	const { rows } = await pool.query<StoredColumn>(
		`SELECT name, kind, set_key AS "setKey", dictionary, codes, lacks FROM example_column
		WHERE stage_key = ANY($1::text[]) AND name = ANY($2::text[])`,
		[stageKeys, names],
	);
	const places = new Map<string, Int32Array>();
	const columns = new Map<string, ExampleColumn>();
	for (const row of rows) {
		const dictionary = dictionaryOf.parse(row.dictionary);
		const codes = decodeNumbers(row.codes, codeWidth(dictionary.length));
		const order = row.setKey === setKey ? null : (places.get(row.setKey) ?? (await placesIn(pool, row.setKey, setKey)));
		if (order !== null) places.set(row.setKey, order);
		const ordered = order === null ? codes : Uint32Array.from(order, (place) => (place < 0 ? 0 : (codes[place] ?? 0)));
		columns.set(row.name, { kind: kindOf.parse(row.kind), dictionary, codes: ordered, lacks: row.lacks });
	}
	return columns;
}

/** For each example of a set its place in another one, or -1. Both stand in one order: one pass finds them. */
async function placesIn(pool: Pool, otherKey: string, setKey: string): Promise<Int32Array> {
	const { rows } = await pool.query<{ key: string; members: Buffer }>(
		"SELECT key, members FROM example_set WHERE key = ANY($1::text[])",
		[[otherKey, setKey]],
	);
	const membersOf = (key: string) => {
		const row = rows.find((one) => one.key === key);
		if (row === undefined) throw new AppError("NOT_FOUND", `The test examples ${key} are no longer there.`);
		return Int32Array.from(decodeNumbers(row.members, 4));
	};
	const [wanted, other] = [membersOf(setKey), membersOf(otherKey)];
	const places = new Int32Array(wanted.length / 2).fill(-1);
	let at = 0;
	for (let i = 0; i < places.length; i += 1) {
		while (at < other.length / 2 && isBefore(other, at, wanted, i)) at += 1;
		if (at < other.length / 2 && !isBefore(wanted, i, other, at)) {
			places[i] = at;
			at += 1;
		}
	}
	return places;
}

function isBefore(a: Int32Array, i: number, b: Int32Array, j: number): boolean {
	const [user, otherUser] = [a[2 * i] ?? 0, b[2 * j] ?? 0];
	return user < otherUser || (user === otherUser && (a[2 * i + 1] ?? 0) < (b[2 * j + 1] ?? 0));
}
