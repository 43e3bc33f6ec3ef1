import { copyFile, mkdir, readFile, rename, rm, stat, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkAttempt, markStageDamaged, retryRuns } from "@atelier/jobs";
import { openStore } from "@atelier/store";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startWorker, type Worker } from "../src/worker";
import { launchOneStage, launchPlan, openWorkplace, planned, until, type Workplace } from "./support/workplace";

let place: Workplace;
let worker: Worker;

beforeAll(async () => {
	place = await openWorkplace();
	worker = await startWorker(place.env(), () => undefined);
}, 60_000);
afterEach(() => {
	delete process.env.FAKE_TRAINER_STEPS;
});
afterAll(async () => {
	await worker?.stop();
	await place?.close();
}, 30_000);

const stageOf = (key: string) => place.db.stage.findUniqueOrThrow({ where: { key } });
const attemptsOf = (stageKey: string) => place.db.attempt.findMany({ where: { stageKey }, orderBy: { number: "asc" } });
const succeeded = (key: string) =>
	until(`${key} has succeeded`, async () => (await stageOf(key)).status === "succeeded", 30_000);

/** A kind of the trainer's of which the record keeps no table. */
const GENERATE = {
	decoding: "greedy",
	maxNewTokens: 1,
	temperature: 1,
	topP: 1,
	batchSize: 1,
	validPrompts: 0,
	likelihood: false,
};

/** A baseline that has succeeded, and a stage that reads it, not launched yet. */
async function madeBaseline() {
	const { key, plan, splitKey } = await launchOneStage(place);
	await succeeded(key);
	const folder = openStore({ home: place.home }).draft((await stageOf(key)).path ?? "");
	const reader = planned("generate", GENERATE, { baseline: key }, plan[0]?.datasetId ?? "");
	return { key, splitKey, folder, reader, plan: [...plan, reader], datasetId: plan[0]?.datasetId ?? "" };
}

/** Other content of the same length under the old time. */
async function replaceUnseen(file: string) {
	const { mtime, atime, size } = await stat(file);
	await writeFile(`${file}.new`, "x".repeat(size));
	await rename(`${file}.new`, file);
	await utimes(file, atime, mtime);
}

const DAMAGES: [string, (folder: string) => Promise<unknown>, RegExp][] = [
	["a file that was cut short", (folder) => truncate(join(folder, "output.txt"), 3), /output\.txt has 3 bytes/],
	["a file that was emptied", (folder) => truncate(join(folder, "output.txt"), 0), /output\.txt has 0 bytes/],
	["a file that was removed", (folder) => rm(join(folder, "output.txt")), /output\.txt is gone/],
	["a folder that was removed", (folder) => rm(folder, { recursive: true }), /folder is not there/],
	[
		"a file of the same size and time",
		(folder) => replaceUnseen(join(folder, "output.txt")),
		/output\.txt has other content/,
	],
	[
		"a link to the very same content",
		async (folder) => {
			await rename(join(folder, "output.txt"), join(place.home, "elsewhere.txt"));
			await symlink(join(place.home, "elsewhere.txt"), join(folder, "output.txt"));
		},
		/output\.txt is a link/,
	],
	[
		"a folder that is a link to the very same files",
		async (folder) => {
			await rename(folder, `${place.home}/moved`);
			await symlink(`${place.home}/moved`, folder);
		},
		/folder is not there/,
	],
	[
		"a folder in a file's place",
		async (folder) => {
			await rm(join(folder, "output.txt"));
			await mkdir(join(folder, "output.txt"));
		},
		/output\.txt is no regular file/,
	],
	["a file too many", (folder) => writeFile(join(folder, "model.safetensors"), "x"), /model\.safetensors was put into/],
	["an edited spec", (folder) => writeFile(join(folder, "spec.json"), "{}"), /spec\.json has 2 bytes/],
	["a removed receipt", (folder) => rm(join(folder, "receipt.json")), /receipt\.json is gone/],
	[
		"a receipt that was made to fit the changed file",
		async (folder) => {
			const receipt = join(folder, "receipt.json");
			const text = await readFile(receipt, "utf8");
			await writeFile(join(folder, "output.txt"), "other");
			await writeFile(receipt, text.replace(/"sizeBytes": \d+/, '"sizeBytes": 5'));
		},
		/(receipt\.json|output\.txt) has/,
	],
];

describe("an artifact with", () => {
	it.each(DAMAGES)("%s is made again before a stage reads it", async (_what, damage, words) => {
		const { key, folder, reader, plan } = await madeBaseline();
		const before = await readFile(join(folder, "output.txt"), "utf8");
		await damage(folder);
		await launchPlan(place, plan);
		await succeeded(reader.key);
		const attempts = await attemptsOf(key);
		expect(attempts).toMatchObject([
			{ number: 1, damage: expect.stringMatching(words) },
			{ number: 2, damage: null },
		]);
		const stage = await stageOf(key);
		expect(stage).toMatchObject({ status: "succeeded", attemptId: attempts[1]?.id, damage: null });
		expect(await readFile(join(openStore({ home: place.home }).draft(stage.path ?? ""), "output.txt"), "utf8")).toBe(
			before,
		);
		const read = (await attemptsOf(reader.key)).at(-1);
		expect(read?.inputs).toMatchObject({ baseline: attempts[1]?.id });
		await rm(join(place.home, "moved"), { recursive: true, force: true });
	});

	it("damage that is found while another stage reads it costs that stage its result, not a failure", async () => {
		const { key, folder, reader, plan } = await madeBaseline();
		process.env.FAKE_TRAINER_STEPS = "60";
		await launchPlan(place, plan);
		await until("the reader runs", async () => (await attemptsOf(reader.key))[0]?.handle);
		await truncate(join(folder, "output.txt"), 1);
		delete process.env.FAKE_TRAINER_STEPS;
		await succeeded(reader.key);
		expect(await attemptsOf(key)).toMatchObject([{ damage: expect.any(String) }, { damage: null }]);
		const [lost, kept] = await attemptsOf(reader.key);
		expect(lost).toMatchObject({ status: "cancelled", error: expect.stringMatching(/input baseline is damaged/) });
		expect(kept).toMatchObject({ status: "succeeded", inputs: { baseline: (await attemptsOf(key))[1]?.id } });
	});

	it("damage that nobody needs mended waits for the next launch that does", async () => {
		const { key, folder, plan } = await madeBaseline();
		await place.db.run.updateMany({ where: { stages: { some: { stageKey: key } } }, data: { status: "cancelled" } });
		await rm(join(folder, "output.txt"));
		await markStageDamaged(place.db, (await stageOf(key)).attemptId ?? "", "output.txt is gone");
		expect(await stageOf(key)).toMatchObject({ status: "cancelled", damage: "output.txt is gone", path: null });
		await launchPlan(place, plan);
		await succeeded(key);
		expect(await stageOf(key)).toMatchObject({ damage: null });
	});
});

describe("a run that has succeeded", () => {
	it("has what is damaged of it made again when it is retried, and keeps its results meanwhile", async () => {
		const { key, folder } = await madeBaseline();
		const run = await place.db.run.findFirstOrThrow({ where: { stages: { some: { stageKey: key } } } });
		await place.db.run.update({ where: { id: run.id }, data: { status: "succeeded", finishedAt: new Date() } });
		await rm(folder, { recursive: true });
		await checkAttempt(place.db, openStore({ home: place.home }), (await stageOf(key)).attemptId ?? "");
		expect(await stageOf(key)).toMatchObject({ status: "cancelled", damage: expect.stringMatching(/folder/) });
		expect(await retryRuns(place.db, place.queue, [run.id])).toEqual({ retried: 1 });
		await succeeded(key);
		const now = () => place.db.run.findUniqueOrThrow({ where: { id: run.id } });
		await until("it is mended", async () => !(await now()).repairs);
		expect(await now()).toMatchObject({ status: "succeeded", finishedAt: expect.any(Date) });
	});
});

describe("what was made from an artifact since it was last read in full", () => {
	it("is suspected, and so is what was made of that; what came before is not", async () => {
		const { key, reader, plan, folder } = await madeBaseline();
		await launchPlan(place, plan);
		await succeeded(reader.key);
		const [made] = await attemptsOf(key);
		const [read] = await attemptsOf(reader.key);
		const another = planned("generate", GENERATE, { baseline: reader.key }, reader.datasetId);
		await launchPlan(place, [...plan, another]);
		await succeeded(another.key);
		// As a version left it that never read in full what it reused.
		await place.db.attempt.update({ where: { id: made?.id ?? "" }, data: { verifiedAt: null } });
		await truncate(join(folder, "output.txt"), 1);
		await checkAttempt(place.db, openStore({ home: place.home }), made?.id ?? "");
		expect((await attemptsOf(reader.key))[0]?.suspicion).toMatch(/baseline .* after that was damaged/);
		expect((await attemptsOf(another.key))[0]?.suspicion).toMatch(/baseline .* after that was damaged/);
		expect(read?.suspicion).toBeNull();
	});
});

describe("a dataset", () => {
	it("whose files were changed is refused, saying what to do, until they are as they were", async () => {
		const { datasetId, plan, reader } = await madeBaseline();
		const file = join(place.home, "store", "datasets", datasetId, "items.parquet");
		await copyFile(file, join(place.home, "kept"));
		await writeFile(file, "itemz");
		const runId = await launchPlan(place, plan);
		await until("the run has failed", async () => (await place.db.run.findUnique({ where: { id: runId } }))?.error);
		const run = await place.db.run.findUniqueOrThrow({ where: { id: runId } });
		expect(run.error).toMatch(/Dataset set-.* is damaged: items\.parquet has other content.*Import it again/);
		expect(await place.db.dataset.findUniqueOrThrow({ where: { id: datasetId } })).toMatchObject({
			damage: expect.stringMatching(/items\.parquet/),
		});
		await rename(join(place.home, "kept"), file);
		const again = await launchPlan(place, plan);
		await succeeded(reader.key);
		expect(again).not.toBe(runId);
		expect(await place.db.dataset.findUniqueOrThrow({ where: { id: datasetId } })).toMatchObject({ damage: null });
	});
});
