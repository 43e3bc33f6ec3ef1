import { AppError, ColumnBuilder, type ExampleColumn, itemAttributeName, SLICE_ATTRIBUTES } from "@atelier/core";
import { z } from "zod";
import { type DuckDb, parquet } from "../duckdb";

/** Attributes that are kept, those that most examples have first. */
const MOST_ATTRIBUTES = 60;
/** An attribute whose values take more characters than this names items rather than kinds of them. */
const MOST_CHARACTERS = 1_000_000;

const attributesOf = z.record(z.string(), z.unknown());
const ALWAYS = SLICE_ATTRIBUTES.filter(({ kind }) => kind === "category").map(({ name }) => name);

/** The attributes of the items that were bought, of the examples in the table `tested`. */
export async function itemColumns(db: DuckDb, dataset: string, size: number): Promise<Map<string, ExampleColumn>> {
	const described = new Map<number, Map<string, string>>();
	const targets = new Int32Array(size);
	const examples = z.object({ place: z.number(), item: z.number() });
	for await (const rows of db.batches(examples, "SELECT place, target_item AS item FROM tested ORDER BY place")) {
		for (const { place, item } of rows) targets[place] = item;
	}
	const itemRow = z.object({ item: z.number(), attributes: z.string() });
	const items = `SELECT item_id AS item, attributes FROM ${parquet(dataset, "items.parquet")}
		WHERE attributes <> '{}' AND item_id IN (SELECT target_item FROM tested)`;
	for await (const rows of db.batches(itemRow, items)) {
		for (const { item, attributes } of rows) described.set(item, valuesOf(attributes, dataset));
	}
	const coverage = new Map<string, number>(ALWAYS.map((name) => [name, size + 1]));
	for (const item of targets) {
		for (const name of described.get(item)?.keys() ?? []) coverage.set(name, (coverage.get(name) ?? 0) + 1);
	}
	const names = [...coverage].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map(([name]) => name);
	return new Map(names.slice(0, MOST_ATTRIBUTES).map((name) => [name, columnOf(name, targets, described)]));
}

function columnOf(
	name: string,
	targets: Int32Array,
	described: ReadonlyMap<number, ReadonlyMap<string, string>>,
): ExampleColumn {
	const builder = new ColumnBuilder("category", targets.length);
	for (const item of targets) builder.add(described.get(item)?.get(name) ?? null);
	const column = builder.finish(`no item that was bought has ${name}.`);
	const characters = column.dictionary.reduce((sum, value) => sum + value.length, 0);
	if (characters <= MOST_CHARACTERS) return column;
	const lacks = `nearly every item has a ${name} of its own (${column.dictionary.length} different ones).`;
	return { kind: "category", dictionary: [], codes: new Uint8Array(targets.length), lacks };
}

/** By the names that slices know attributes by; of two that differ in case alone the first. */
function valuesOf(json: string, dataset: string): Map<string, string> {
	const values = new Map<string, string>();
	for (const [key, value] of Object.entries(parsed(json, dataset))) {
		const name = itemAttributeName(key);
		const isText = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
		if (isText && String(value).trim() !== "" && !values.has(name)) values.set(name, String(value));
	}
	return values;
}

function parsed(json: string, dataset: string): Record<string, unknown> {
	try {
		return attributesOf.parse(JSON.parse(json));
	} catch (error) {
		throw new AppError("BAD_DATA", `items.parquet in ${dataset} has attributes that are no JSON object.`, {
			cause: error,
		});
	}
}
