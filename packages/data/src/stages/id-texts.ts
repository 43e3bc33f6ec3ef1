import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError, familyIds, type IdForm, type IdReader, letterIds, plainIds, promptForm } from "@atelier/core";
import { z } from "zod";
import { type DuckDb, openDuckDb, parquet } from "../duckdb";
import { text } from "../sql";

const FILE = "id_texts.parquet";
export const PROMPT_FORM_FILE = "form.json";
const row = z.object({ item_id: z.number(), id_text: z.string() });

/**
 * The table `id_texts` (item_id, id_text) of a catalogue. Families are numbered densely in the order of a hash of their
 * name, as items are of their key, so that a number says nothing of size, time or popularity; variants in the order of
 * their ids. An item without a family is a family of its own.
 */
export function idTextsTable(items: string, idForm: Exclude<IdForm, "letter">): string {
	const plain = `SELECT item_id, item_id::VARCHAR AS id_text FROM ${items}`;
	const family = `SELECT item_id, dense_rank() OVER (ORDER BY md5(name), name)
			|| '-' || row_number() OVER (PARTITION BY name ORDER BY item_id) AS id_text
		FROM (SELECT item_id, coalesce('family ' || family, 'item ' || item_key) AS name FROM ${items})`;
	return `CREATE TABLE id_texts AS ${idForm === "plain" ? plain : family}`;
}

/** Writes the table `id_texts` to the prompts stage's folder. */
export function writeIdTexts(db: DuckDb, folder: string): Promise<void> {
	return db.writeParquet("FROM id_texts ORDER BY item_id", join(folder, FILE));
}

const formRow = z.object({ hasFamilies: z.boolean() });

/**
 * The id form of a prompts stage, as it says itself. Stages up to revision 4 did not; of those, letters have no texts,
 * and only families have a hyphen.
 */
export async function idFormOf(db: DuckDb, prompts: string): Promise<IdForm> {
	const form = join(prompts, PROMPT_FORM_FILE);
	if (existsSync(form)) return promptForm.parse(JSON.parse(await readFile(form, "utf8"))).idForm;
	if (!existsSync(join(prompts, FILE))) return "letter";
	const query = `SELECT coalesce(bool_or(contains(id_text, '-')), false) AS "hasFamilies" FROM ${parquet(prompts, FILE)}`;
	return (await db.one(formRow, query)).hasFamilies ? "family" : "plain";
}

/**
 * How the ids of a prompts stage are read back. Under `letter` that depends on the example, whose candidates are given
 * with each call.
 */
export async function idReaderOf(
	db: DuckDb,
	prompts: string,
	idForm: IdForm,
): Promise<(candidates: readonly number[]) => IdReader> {
	switch (idForm) {
		case "plain":
			return () => plainIds;
		case "letter":
			return letterIds;
		case "family": {
			const itemOf = new Map<string, number>();
			for await (const rows of db.batches(row, `SELECT item_id, id_text FROM ${parquet(prompts, FILE)}`)) {
				for (const { item_id, id_text } of rows) itemOf.set(id_text, item_id);
			}
			const reader = familyIds(itemOf);
			return () => reader;
		}
	}
}

/**
 * Texts of some items' ids, and items of some id texts, out of a stored prompts stage: what one live request needs.
 *
 * @param prompts Folder of the prompts stage.
 * @throws AppError BAD_DATA when the stage wrote no id texts.
 */
export async function storedIdTexts(
	prompts: string,
	wanted: { items?: readonly number[]; idTexts?: readonly string[] },
): Promise<{ itemId: number; idText: string }[]> {
	const { items = [], idTexts = [] } = wanted;
	if (items.length === 0 && idTexts.length === 0) return [];
	if (items.some((item) => !Number.isSafeInteger(item))) throw new AppError("BAD_REQUEST", "An item id is an integer.");
	const conditions = [
		...(items.length === 0 ? [] : [`item_id IN (${items.join(", ")})`]),
		...(idTexts.length === 0 ? [] : [`id_text IN (${idTexts.map(text).join(", ")})`]),
	];
	const db = await openDuckDb({ threads: 1, memoryLimit: "256MB" });
	try {
		const found = await db.all(
			row,
			`SELECT item_id, id_text FROM ${parquet(prompts, FILE)} WHERE ${conditions.join(" OR ")}`,
		);
		return found.map(({ item_id, id_text }) => ({ itemId: item_id, idText: id_text }));
	} finally {
		db.close();
	}
}
