import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWorker } from "../src/worker";
import { openWorkplace, until, type Workplace } from "./support/workplace";

let place: Workplace;
const datasets = () => readdir(join(place.home, "store", "datasets"));
const claimStore = async () => {
	const worker = await startWorker(place.env(), () => undefined);
	await until("the store has its owner", async () => (await readdir(join(place.home, "store")).catch(() => [])).length);
	await worker.stop();
};

beforeAll(async () => {
	place = await openWorkplace();
	await claimStore();
	const row = { name: "kept", format: "atelier", status: "ready" as const, request: {} };
	await place.db.dataset.create({ data: { id: "kept", ...row } });
	for (const id of ["kept", "removed"]) {
		await mkdir(join(place.home, "store", "datasets", id), { recursive: true });
		await writeFile(join(place.home, "store", "datasets", id, "manifest.json"), "{}");
	}
}, 60_000);
afterAll(() => place?.close());

it("files of a dataset that no row names go, unless the store belongs to another record", async () => {
	const owner = join(place.home, "store", "record-id");
	await writeFile(owner, "another record");
	let worker = await startWorker(place.env(), () => undefined);
	await worker.stop();
	expect(await datasets()).toEqual(["kept", "removed"]);

	const [record] = await place.db.$queryRaw<{ id: string }[]>`SELECT id FROM _prisma_migrations`;
	await writeFile(owner, record?.id ?? "");
	worker = await startWorker(place.env(), () => undefined);
	await until("the files are gone", async () => (await datasets()).length === 1);
	await worker.stop();
	expect(await datasets()).toEqual(["kept"]);
}, 60_000);
