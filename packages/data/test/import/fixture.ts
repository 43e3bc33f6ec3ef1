import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { AppError } from "@atelier/core";
import { afterEach } from "vitest";
import { type DuckDbRow, type ImportOutcome, type ImportRequest, importDataset, openDuckDb } from "../../src";

const folders: string[] = [];
afterEach(async () => {
	for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test, holding `files`; names that end in `.gz` are packed. */
export async function folderWith(files: Record<string, string | Buffer>): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "atelier-import-"));
	folders.push(folder);
	for (const [name, content] of Object.entries(files)) {
		const bytes = typeof content === "string" && name.endsWith(".gz") ? gzipSync(content) : content;
		await writeFile(join(folder, name), bytes);
	}
	return folder;
}

/** Lines as a file's text. */
export function lines(...rows: string[]): string {
	return `${rows.join("\n")}\n`;
}

export async function emptyStore(): Promise<string> {
	return folderWith({});
}

type Wanted = Omit<ImportRequest, "name"> & { name?: string };

export function importInto(store: string, request: Wanted): Promise<ImportOutcome> {
	return importDataset({ name: "test", ...request }, { store });
}

/** The error of an import that must fail, after checking that it left no dataset behind. */
export async function failureOf(request: Wanted): Promise<AppError> {
	const store = await emptyStore();
	const error = await importInto(store, request).then(
		() => null,
		(caught: unknown) => caught,
	);
	const left = await readdir(join(store, "datasets")).catch(() => []);
	if (left.length > 0) throw new Error(`A failed import left ${left.join(", ")}`);
	if (!(error instanceof AppError)) throw new Error(`Expected an AppError, got ${String(error)}`);
	return error;
}

export async function tableRows(outcome: ImportOutcome, name: string, order = "ALL"): Promise<DuckDbRow[]> {
	const db = await openDuckDb();
	const rows: DuckDbRow[] = [];
	try {
		for await (const chunk of db.stream(`SELECT * FROM '${join(outcome.path, name)}.parquet' ORDER BY ${order}`))
			rows.push(...chunk);
	} finally {
		db.close();
	}
	return rows;
}

/** One user's log in words: `search "red bag"`, `click a`, in order. */
export async function logOf(outcome: ImportOutcome, userKey: string): Promise<string[]> {
	const items = new Map((await tableRows(outcome, "items")).map((row) => [row.item_id, row.item_key]));
	const rows = await tableRows(outcome, "interactions", "user_id, ord");
	return rows
		.filter((row) => row.user_key === userKey)
		.map((row) => {
			if (row.action !== "search") return `${row.action} ${items.get(row.item_id)}`;
			return `${row.derived ? "derived " : ""}search "${row.query}"`;
		});
}

export async function quarantineOf(outcome: ImportOutcome): Promise<string[]> {
	const content = await readFile(join(outcome.path, "quarantine.ndjson"), "utf8");
	return content
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line))
		.map(({ file, line, reason }) => `${file}:${line} ${reason}`);
}

/** Real public data beside the checkout; absent in most clones. */
export const SHARED_DATA = resolve(import.meta.dirname, "../../../../../shared/data");
