import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cancelImport } from "@atelier/jobs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorker, type Worker } from "../src/worker";
import { openWorkplace, until, type Workplace } from "./support/workplace";

let place: Workplace;
let worker: Worker;
let source: string;

beforeAll(async () => {
	place = await openWorkplace();
	worker = await startWorker(place.env(), () => undefined);
	source = join(place.home, "uploads", "shop");
	await mkdir(source, { recursive: true });
	const items = ["item_id,title,color", "a,Red shoe,red", 'b,"Blue, ""soft"" bag",blue', "c,Green hat,green"];
	const log = [
		"user_id,action,item_id,query,timestamp",
		"u1,search,,red shoe,2026-01-01T00:00:00Z",
		"u1,purchase,a,,2026-01-01T00:01:00Z",
		"u1,purchase,b,,2026-01-02T00:01:00Z",
		"u2,click,c,,2026-01-03T00:00:00Z",
	];
	await writeFile(join(source, "items.csv"), items.join("\n"));
	await writeFile(join(source, "interactions.csv"), log.join("\n"));
}, 60_000);
afterAll(async () => {
	await worker?.stop();
	await place?.close();
});

async function request(id: string, name: string, what: Record<string, string | number | null>): Promise<void> {
	await place.db.dataset.create({ data: { id, name, format: "atelier", request: what } });
	await place.queue.send("import-dataset", { datasetId: id });
}
const importing = { kind: "import", format: "atelier", group: "shops", maxRejectedShare: 0.1 };
const rowOf = (id: string) => place.db.dataset.findUnique({ where: { id } });
const settled = (id: string) =>
	until("the import has ended", async () => {
		const row = await rowOf(id);
		return row?.status === "importing" ? null : { row };
	});

describe("an import", () => {
	it("brings the dataset, its items and its interactions into the record under the content's id", async () => {
		await request("import-1", "shop", { ...importing, path: source });
		expect(await settled("import-1")).toEqual({ row: null });
		const dataset = await place.db.dataset.findUniqueOrThrow({ where: { name: "shop" } });
		expect(dataset).toMatchObject({
			status: "ready",
			group: "shops",
			synthetic: false,
			hasTimes: true,
			progress: null,
			counts: { items: 3, users: 2, searches: 1, clicks: 1, purchases: 2 },
		});
		expect(dataset.id).toBe(dataset.contentHash?.slice(0, 16));
		expect(existsSync(join(place.home, "store", dataset.path ?? "", "manifest.json"))).toBe(true);
		expect(await place.db.item.findFirst({ where: { datasetId: dataset.id, itemKey: "b" } })).toMatchObject({
			title: 'Blue, "soft" bag',
			attributes: { color: "blue" },
		});
		const log = await place.db.interaction.findMany({ where: { userKey: "u1" }, orderBy: { ord: "asc" } });
		expect(log).toMatchObject([
			{ ord: 0, action: "search", query: "red shoe", at: new Date("2026-01-01T00:00:00Z") },
			{ ord: 1, action: "purchase", query: null },
			{ ord: 2, action: "purchase" },
		]);
	});

	it("of the same bytes under the same name is no news and leaves nothing", async () => {
		await request("import-2", "shop@import-2", { ...importing, path: source });
		expect(await settled("import-2")).toEqual({ row: null });
		expect(await place.db.dataset.count()).toBe(1);
		expect(await place.db.item.count()).toBe(3);
	});

	it("of the same bytes under another name fails and names the dataset that holds them", async () => {
		await request("import-3", "other", { ...importing, path: source });
		const { row } = await settled("import-3");
		expect(row).toMatchObject({ status: "failed", error: expect.stringContaining("as dataset shop") });
	});

	it("of other content under a taken name fails and leaves no files", async () => {
		const before = await readdir(join(place.home, "store", "datasets"));
		await request("sample-4", "shop@sample-4", {
			kind: "sample",
			category: "footwear",
			users: 60,
			seed: 2,
			group: null,
		});
		const { row } = await settled("sample-4");
		expect(row).toMatchObject({ status: "failed", error: expect.stringContaining("other content") });
		expect(await readdir(join(place.home, "store", "datasets"))).toEqual(before);
	});

	it("that is not there fails and says where it looked", async () => {
		await request("import-5", "nowhere", { ...importing, path: join(place.home, "nowhere") });
		const { row } = await settled("import-5");
		expect(row).toMatchObject({ status: "failed", error: expect.stringContaining("nowhere") });
	});

	it("that is cancelled ends, and leaves neither rows nor files", async () => {
		const before = await readdir(join(place.home, "store", "datasets"));
		await request("sample-6", "huge", { kind: "sample", category: "clothing", users: 20_000, seed: 1, group: null });
		await until("it is under way", async () => (await rowOf("sample-6"))?.progress);
		expect(await cancelImport(place.db, "sample-6")).toEqual({ cancelled: true });
		await until("its scratch is gone", async () => !existsSync(join(place.home, "tmp", "sample-6")), 5_000);
		expect(await rowOf("sample-6")).toMatchObject({ status: "failed", error: "The import was cancelled." });
		expect(await readdir(join(place.home, "store", "datasets"))).toEqual(before);
		expect(await place.db.item.count()).toBe(3);
	});
});
