import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatasetCharacteristics, importDataset } from "../../src";
import { characteriseDataset } from "../../src/profile/characteristics";

/** An item as a test writes it: its key and any columns of the canonical format. */
export type TinyItem = { item_id: string } & Record<string, string>;

/** `shopper action item-or-query time`; a time is a day of 2025 with an hour where it matters, or absent. */
export type TinyEvent = [user: string, action: "search" | "click" | "purchase", what: string, at?: string];

/** Puts a literal log through the importer and hands its folder to `work`; all of it is gone afterwards. */
export async function withImported<T>(
	items: readonly TinyItem[],
	log: readonly TinyEvent[],
	work: (path: string) => Promise<T>,
): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), "atelier-characteristics-"));
	const raw = join(folder, "raw");
	const jsonl = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
	try {
		await mkdir(raw);
		await writeFile(join(raw, "items.jsonl"), jsonl(items.map((item) => ({ title: item.item_id, ...item }))));
		const events = log.map(([user_id, action, what, at]) => ({
			user_id,
			action,
			[action === "search" ? "query" : "item_id"]: what,
			...(at === undefined ? {} : { timestamp: at.includes("T") ? `2025-${at}Z` : `2025-${at}T12:00:00Z` }),
		}));
		await writeFile(join(raw, "interactions.jsonl"), jsonl(events));
		const { path } = await importDataset(
			{ path: raw, format: "atelier", name: "tiny" },
			{ store: join(folder, "store") },
		);
		return await work(path);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

export function characterise(items: readonly TinyItem[], log: readonly TinyEvent[]): Promise<DatasetCharacteristics> {
	return withImported(items, log, characteriseDataset);
}
