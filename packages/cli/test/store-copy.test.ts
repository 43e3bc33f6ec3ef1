import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const BIN = `${import.meta.dirname}/../bin/atelier.mjs`;
const run = promisify(execFile);
const refs = ["stages/split/key/one", "stages/split/key/two"];
let home: string;

beforeAll(async () => {
	home = await mkdtemp(join(tmpdir(), "atelier-copy-"));
	for (const ref of refs) {
		const folder = join(home, "store", ref);
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, "rows"), ref);
		const sha256 = createHash("sha256").update(ref).digest("hex");
		const outputs = [{ path: "rows", sizeBytes: ref.length, sha256 }];
		const receipt = { contract: 1, key: "key", attempt: "one", outputs, durationMs: 1, result: {} };
		await writeFile(join(folder, "receipt.json"), JSON.stringify(receipt));
	}
});
afterAll(() => rm(home, { recursive: true, force: true }));

const copy = (...more: string[]) =>
	run(process.execPath, [BIN, "store", "copy", ...more], {
		env: { ...process.env, ATELIER_STORE: "", ATELIER_HOME: home },
	});

it("copies the installation's store, names what is damaged, and goes on when it is mended", async () => {
	const to = join(home, "moved");
	const damaged = join(home, "store", refs[1] ?? "", "rows");
	await writeFile(damaged, "other");
	await expect(copy("--to", to)).rejects.toMatchObject({
		code: 1,
		stdout: expect.stringContaining("1 artifacts are in"),
		stderr: expect.stringMatching(/not copied: stages\/split\/key\/two: rows has other content/),
	});
	await writeFile(damaged, refs[1] ?? "");
	const { stdout } = await copy("--to", to, "--json");
	expect(JSON.parse(stdout)).toMatchObject({ to, done: 2, known: 1, failures: [] });
	for (const ref of refs) expect(await readFile(join(to, ref, "rows"), "utf8")).toBe(ref);
}, 60_000);

it("refuses a place that is none, and the store itself", async () => {
	await expect(copy("--to", join(home, "store"))).rejects.toMatchObject({
		code: 2,
		stderr: expect.stringContaining("names the store itself"),
	});
	const env = { ...process.env, ATELIER_HOME: home, ATELIER_STORE: "gs://bucket" };
	await expect(run(process.execPath, [BIN, "store", "copy", "--to", join(home, "x")], { env })).rejects.toMatchObject({
		code: 2,
		stderr: expect.stringContaining("ATELIER_STORE: wants s3://bucket/prefix"),
	});
}, 60_000);
