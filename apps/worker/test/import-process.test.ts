import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { cancelImport } from "@atelier/jobs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorker, type Worker } from "../src/worker";
import { longestBusyTurn } from "./support/longest-stall";
import { openWorkplace, until, type Workplace } from "./support/workplace";

const MOST_STALL_MS = 100;
/** Two seconds are the rule on an idle machine; the tests share two cores with much else. */
const CANCEL_LIMIT_MS = 5_000;
/** Threads of this process that collect garbage count as well, but hardly each time. */
const TRIES = 3;
const ITEMS = "item_id,title\na,Bag\n";
const LOG = "user_id,action,item_id,timestamp\nu,purchase,a,1704102000\n";

let place: Workplace;
let worker: Worker;
let requests = 0;

beforeAll(async () => {
	place = await openWorkplace();
	worker = await startWorker(place.env(), () => undefined);
}, 60_000);
afterAll(async () => {
	await worker?.stop();
	await place?.close();
}, 60_000);

async function folderWith(name: string, files: Record<string, string | Buffer>): Promise<string> {
	const folder = join(place.home, "uploads", name);
	await mkdir(folder, { recursive: true });
	for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
	return folder;
}

/** Asks for an import; returns its id. */
async function ask(path: string, format = "atelier", more: Record<string, string> = {}): Promise<string> {
	requests += 1;
	const id = `import-${requests}`;
	const request = { kind: "import", format, path, group: null, ...more };
	await place.db.dataset.create({ data: { id, name: `set-${requests}`, format, request } });
	await place.queue.send("import-dataset", { datasetId: id });
	return id;
}
const failureOf = (id: string) =>
	until(
		"the import has failed",
		async () => {
			const row = await place.db.dataset.findUniqueOrThrow({ where: { id } });
			return row.status === "failed" ? row.error : null;
		},
		60_000,
	);
const leftInStore = () => readdir(join(place.home, "store", "datasets")).catch((): string[] => []);

/** Fields of nearly a megabyte each, few bytes on disk: DuckDB works on them for minutes and hears no interrupt. */
const longFields = () => gzipSync(`item_id,title\n${`${"ab  c ".repeat(160_000)}\n`.replace(/^/, "a,").repeat(400)}`);
const deepJson = () => `{"item_id": "a", "title": "Bag", "size": ${"[".repeat(400_000)}${"]".repeat(400_000)}}\n`;

const BAD_FILES: [string, () => Record<string, string | Buffer>][] = [
	["100,000 columns", () => ({ "items.csv": `item_id,title,${columns(100_000)}\n`, "interactions.csv": LOG })],
	["a line of 8 MB", () => ({ "items.csv": `${ITEMS}b,${"x".repeat(8 << 20)}\n`, "interactions.csv": LOG })],
	["a header of 8 MB", () => ({ "items.csv": "x".repeat(8 << 20), "interactions.csv": LOG })],
	["an open quote", () => ({ "items.csv": `${ITEMS}b,"${"x\n".repeat(400_000)}`, "interactions.csv": LOG })],
	["JSON nested 400,000 deep", () => ({ "items.jsonl": deepJson(), "interactions.csv": LOG })],
	["a row of 400,000 fields", () => ({ "items.csv": `${ITEMS}${",".repeat(400_000)}\n`, "interactions.csv": LOG })],
];
const columns = (count: number) => Array.from({ length: count }, (_, column) => `c${column}`).join(",");

describe("an import of a bad file", () => {
	it.each(BAD_FILES)(
		"%s: ends soon, and stalls the worker for no more than 100 ms",
		async (name, files) => {
			const path = await folderWith(name.replaceAll(/\W+/g, "-"), files());
			const stalls: number[] = [];
			while (stalls.length < TRIES && Math.min(MOST_STALL_MS + 1, ...stalls) > MOST_STALL_MS) {
				stalls.push(
					await longestBusyTurn(async () => {
						const id = await ask(path);
						await until(
							"it has ended",
							async () => (await place.db.dataset.findUnique({ where: { id } }))?.status !== "importing",
							60_000,
						);
					}),
				);
			}
			expect(Math.min(...stalls)).toBeLessThan(MOST_STALL_MS);
		},
		180_000,
	);

	it("no file at all: a pipe, a folder, a loop of links are refused before anything is opened", async () => {
		const path = await folderWith("no-files", { "interactions.csv": LOG, "items.inter": "x" });
		execFileSync("mkfifo", [join(path, "items.csv")]);
		expect(await failureOf(await ask(path))).toMatch(/items\.csv is a pipe, not a file/);
		execFileSync("mkfifo", [join(path, "map.yaml")]);
		expect(await failureOf(await ask(path, "mapping", { mapping: join(path, "map.yaml") }))).toMatch(
			/map\.yaml is a pipe, not a file/,
		);
		const folders = await folderWith("folders", { "interactions.csv": LOG });
		await mkdir(join(folders, "items.csv"));
		expect(await failureOf(await ask(folders))).toMatch(/items\.csv is a folder, not a file/);
		const loop = await folderWith("loop", { "interactions.csv": LOG });
		await symlink(join(loop, "items.csv"), join(loop, "items.csv"));
		expect(await failureOf(await ask(loop))).toMatch(/items\.csv cannot be read.*ELOOP/);
	}, 180_000);
});

describe("a cancelled import", () => {
	it("is gone soon in the middle of a statement that hears no interrupt, and leaves its slot", async () => {
		const path = await folderWith("long-fields", { "items.csv.gz": longFields(), "interactions.csv": LOG });
		// Both places are taken.
		const busy = [await ask(path), await ask(path)];
		for (const id of busy) {
			await until(
				"it is read whole and worked on",
				async () => {
					const row = await place.db.dataset.findUniqueOrThrow({ where: { id } });
					expect(row).toMatchObject({ status: "importing" });
					return JSON.stringify(row.progress)?.includes("reading items");
				},
				60_000,
			);
		}
		const next = await ask(await folderWith("small", { "items.csv": ITEMS, "interactions.csv": LOG }));
		const cancelledAt = performance.now();
		for (const id of busy) expect(await cancelImport(place.db, id)).toEqual({ cancelled: true });
		await until("nothing of them is left", async () => {
			const names = await leftInStore();
			return names.filter((name) => name.startsWith(".importing-")).length <= 1;
		});
		expect(performance.now() - cancelledAt).toBeLessThan(CANCEL_LIMIT_MS);
		await until("the one that waited is in", async () => {
			return (await place.db.dataset.findUnique({ where: { id: next } })) === null;
		});
		for (const id of busy) expect(await failureOf(id)).toBe("The import was cancelled.");
		expect((await leftInStore()).filter((name) => name.startsWith("."))).toEqual([]);
	}, 180_000);

	it("while its rows are loaded into the record lets go of them at once", async () => {
		const rows = Array.from({ length: 400_000 }, (_, row) => `u${row % 999},purchase,a,${1_700_000_000 + row}\n`);
		const path = await folderWith("many", {
			"items.csv": ITEMS,
			"interactions.csv": `user_id,action,item_id,timestamp\n${rows.join("")}`,
		});
		const before: readonly string[] = await leftInStore();
		const isWhole = (name: string) =>
			!before.includes(name) && existsSync(join(place.home, "store", "datasets", name, "manifest.json"));
		const id = await ask(path);
		// Loading begins, and the row is locked from here on.
		await until("its files are in the store", async () => (await leftInStore()).some(isWhole), 60_000);
		const cancelledAt = performance.now();
		expect(await cancelImport(place.db, id)).toEqual({ cancelled: true });
		expect(performance.now() - cancelledAt).toBeLessThan(CANCEL_LIMIT_MS);
		expect(await failureOf(id)).toBe("The import was cancelled.");
	}, 120_000);
});
