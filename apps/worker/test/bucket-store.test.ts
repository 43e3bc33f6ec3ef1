import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
	attemptRef,
	type BucketSettings,
	datasetRef,
	FolderStore,
	listFiles,
	openStore,
	type Store,
} from "@atelier/store";
import { startTestObjectStore } from "@atelier/store/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorker, type Worker } from "../src/worker";
import {
	launchOneStage,
	launchPlan,
	openWorkplace,
	planned,
	setTrainer,
	until,
	type Workplace,
} from "./support/workplace";

const server = await startTestObjectStore();

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

describe.skipIf("why" in server)("with the store in a bucket", () => {
	let place: Workplace;
	let settings: BucketSettings;
	let worker: Worker;
	let store: Store;

	const start = (home: string) =>
		startWorker(
			place.env({
				ATELIER_HOME: home,
				ATELIER_STORE: `s3://${settings.bucket}/${settings.prefix}`,
				ATELIER_STORE_ENDPOINT: settings.endpoint ?? "",
				ATELIER_STORE_KEY: settings.key ?? "",
				ATELIER_STORE_SECRET: settings.secret ?? "",
			}),
			() => undefined,
		);
	const stageOf = (key: string) => place.db.stage.findUniqueOrThrow({ where: { key } });
	const succeeded = (key: string) =>
		until(`${key} has succeeded`, async () => (await stageOf(key)).status === "succeeded", 60_000);

	beforeAll(async () => {
		if ("why" in server) return;
		place = await openWorkplace();
		settings = await server.newBucket();
		store = openStore({ home: join(place.home, "reader"), bucket: settings });
	}, 120_000);
	afterAll(async () => {
		await worker?.stop();
		await place?.close();
		if ("stop" in server) server.stop();
	}, 60_000);

	/** A launch whose dataset and split, made by hand in a folder, are in the bucket. */
	async function launch() {
		const launched = await launchOneStage(place);
		const folders = new FolderStore(join(place.home, "store"));
		const datasetId = launched.plan[0]?.datasetId ?? "";
		const split = await place.db.attempt.findFirstOrThrow({ where: { stageKey: launched.splitKey } });
		const dataset = folders.draft(datasetRef(datasetId));
		await writeFile(join(dataset, "manifest.json"), "{}");
		const files = await listFiles(dataset);
		await place.db.dataset.update({ where: { id: datasetId }, data: { files } });
		await store.publish(datasetRef(datasetId), dataset, files);
		await store.publish(split.path, folders.draft(split.path), await listFiles(folders.draft(split.path)));
		await rm(folders.root, { recursive: true });
		return launched;
	}

	/** Ends this worker and starts one that has nothing but the bucket. */
	async function moveTo(home: string) {
		await worker?.stop();
		await mkdir(join(place.home, home));
		await setTrainer(join(place.home, home), "ready");
		worker = await start(join(place.home, home));
	}

	it("what one machine made another reads; what the bucket spoiled is made again", async () => {
		const { key, plan } = await launch();
		const datasetId = plan[0]?.datasetId ?? "";
		await moveTo("one");
		await succeeded(key);
		const { path, attemptId } = await stageOf(key);
		expect(path).toBe(attemptRef("baseline", key, attemptId ?? ""));
		expect(await store.has(path ?? "")).toBe(true);
		expect(JSON.parse(await text(await store.file(path ?? "", "receipt.json")))).toMatchObject({ key });
		expect(await readdir(join(place.home, "one"))).not.toContain("store");

		await moveTo("two");
		const reader = planned("generate", GENERATE, { baseline: key }, datasetId);
		await launchPlan(place, [...plan, reader]);
		await succeeded(reader.key);
		expect(await readdir(join(place.home, "two", "cache", "store", path ?? ""))).toContain("output.txt");
		expect(await place.db.attempt.count({ where: { stageKey: key } })).toBe(1);

		const body = "x".repeat((await text(await store.file(path ?? "", "output.txt"))).length);
		const address = await store.address(path ?? "", "output.txt", "put", 60);
		await fetch(address ?? "", { method: "PUT", body });
		await moveTo("three");
		const again = planned("generate", { ...GENERATE, maxNewTokens: 2 }, { baseline: key }, datasetId);
		await launchPlan(place, [...plan, again]);
		await succeeded(again.key);
		const attempts = await place.db.attempt.findMany({ where: { stageKey: key }, orderBy: { number: "asc" } });
		expect(attempts).toMatchObject([
			{ damage: expect.stringMatching(/output\.txt has other content/) },
			{ damage: null },
		]);
		// What failed of what it read has no failure counted against it.
		expect(await place.db.attempt.count({ where: { stageKey: again.key, status: "failed" } })).toBe(0);
	}, 180_000);
});
