import { createHash } from "node:crypto";
import { mkdir, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { atelier } from "./command-line";
import { type Console, seedDataset, startConsole } from "./console";

const [SPLIT, BASELINE] = ["1".repeat(32), "2".repeat(32)];

let running: Console;
let store: string;

/** Files in the store. @returns the list that the record keeps of them */
async function write(ref: string, files: Record<string, string>) {
	const list = [];
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(store, ref, path)), { recursive: true });
		await writeFile(join(store, ref, path), text);
		list.push({ path, sizeBytes: text.length, sha256: createHash("sha256").update(text).digest("hex") });
	}
	return list;
}

async function makeStage(datasetId: string, kind: string, key: string) {
	const [id, path] = [`attempt-${kind}`, `stages/${kind}/${key}/attempt-${kind}`];
	const files = await write(path, { "ranks.parquet": "the ranks", "receipt.json": "{}" });
	const attempt = { id, number: 1, status: "succeeded", workerId: "w", path, files, leaseUntil: new Date() } as const;
	const stage = { key, kind, datasetId, revision: 1, params: {}, seed: 0, inputs: {}, status: "succeeded" } as const;
	await running.db.stage.create({ data: { ...stage, attemptId: id, path, attempts: { create: attempt } } });
}

beforeAll(async () => {
	running = await startConsole();
	store = join(running.env.ATELIER_HOME, "store");
	await seedDataset(running, "shop");
	const { id } = await running.db.dataset.findFirstOrThrow();
	const files = await write(`datasets/${id}`, { "items.parquet": "the items" });
	await running.db.dataset.update({ where: { id }, data: { path: `datasets/${id}`, files } });
	await makeStage(id, "split", SPLIT);
	await makeStage(id, "baseline", BASELINE);
}, 60_000);
afterAll(() => running?.stop());

const doctor = (...options: string[]) => atelier(running, "doctor", ...options);
const fileOf = (kind: string, key: string) => join(store, "stages", kind, key, `attempt-${kind}`, "ranks.parquet");

it("the doctor finds a store whole that is", async () => {
	expect((await doctor()).stdout).toMatch(
		/^ok +store +3 artifacts \(names and sizes; --deep reads every byte\), none damaged$/m,
	);
	expect((await doctor("--deep")).stdout).toMatch(/^ok +store +3 artifacts \(read in full\), none damaged$/m);
});

it("other content under the old size and time is found by --deep alone, named, and noted in the record", async () => {
	const file = fileOf("baseline", BASELINE);
	const { atime, mtime } = await stat(file);
	await writeFile(file, "other rks");
	await utimes(file, atime, mtime);
	expect((await doctor()).stdout).toMatch(/^ok +store/m);
	const { code, stdout, stderr } = await doctor("--deep");
	expect(code).toBe(1);
	expect(stdout).toMatch(/^FAIL +store +3 artifacts \(read in full\), 1 damaged$/m);
	expect(stdout).toMatch(/^baseline 222222222222 on shop: ranks\.parquet has other content than was written\.$/m);
	expect(stdout).toMatch(/runs retry RUN/);
	expect(stderr).toMatch(/reading the store/);
	const stage = await running.db.stage.findUniqueOrThrow({ where: { key: BASELINE } });
	expect(stage).toMatchObject({ status: "cancelled", damage: expect.stringMatching(/ranks\.parquet/), path: null });
});

it("a file cut short, and what was found before, are found without reading", async () => {
	await truncate(fileOf("split", SPLIT), 3);
	const { stdout } = await doctor("--json");
	expect(JSON.parse(stdout).damaged).toMatchObject([
		{ kind: "split", damage: "ranks.parquet has 3 bytes and was written with 9" },
		{ kind: "baseline", damage: "ranks.parquet has other content than was written" },
	]);
});

it("a damaged dataset says what to do, and is whole again when its file is", async () => {
	const { id } = await running.db.dataset.findFirstOrThrow();
	await writeFile(join(store, "datasets", id, "items.parquet"), "no items!");
	expect((await doctor("--deep")).stdout).toMatch(
		/^dataset shop: items\.parquet has other content.*\nImport it again/m,
	);
	const refused = await atelier(running, "dataset", "characteristics", "shop");
	expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/Dataset shop is damaged: items\.parquet/) });
	await writeFile(join(store, "datasets", id, "items.parquet"), "the items");
	await doctor("--deep");
	expect(await running.db.dataset.findFirstOrThrow()).toMatchObject({ damage: null });
});

it("a store that is not there damages nothing", async () => {
	await rm(store, { recursive: true });
	const { code, stdout } = await doctor();
	expect(code).toBe(1);
	expect(stdout).toMatch(/^FAIL +store +The store .* is not there: is its disk mounted\?/m);
	expect(await running.db.dataset.findFirstOrThrow()).toMatchObject({ damage: null });
});
