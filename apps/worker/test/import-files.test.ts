import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
	await writeFile(join(source, "items.csv"), "item_id,title\na,Shoe");
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
const settled = (id: string) =>
	until("the import has ended", async () => {
		const row = await place.db.dataset.findUnique({ where: { id } });
		return row?.status === "importing" ? null : { row };
	});

describe("an import of an upload", () => {
	const upload = "0123456789abcdef".repeat(2);
	const folder = () => join(place.home, "uploads", upload);

	it("that fails keeps the files for another try, one that succeeds removes them", async () => {
		await mkdir(join(folder(), "data"), { recursive: true });
		await writeFile(join(folder(), "data", "items.csv"), "item_id,title\nz,Scarf");
		const handedOver = { ...importing, path: join(folder(), "data"), upload };
		await request("import-u1", "handed-over", handedOver);
		const { row } = await settled("import-u1");
		expect(row).toMatchObject({ status: "failed", error: expect.stringContaining("interactions") });
		expect(existsSync(folder())).toBe(true);

		const log = "user_id,action,item_id,query,timestamp\nu9,purchase,z,,2026-01-01T00:01:00Z";
		await writeFile(join(folder(), "data", "interactions.csv"), log);
		await request("import-u2", "handed-over-again", handedOver);
		expect(await settled("import-u2")).toEqual({ row: null });
		await until("the upload is removed", async () => !existsSync(folder()));
	});
});

it("a worker reads nothing outside, whatever a row says", async () => {
	const path = "/etc/passwd";
	for (const [id, what] of Object.entries({
		kernel: { ...importing, format: "recbole", path: "/proc/self/environ" },
		path: { ...importing, format: "recbole", path },
		mapping: { ...importing, format: "mapping", path: source, mapping: path },
		items: { ...importing, format: "sequences", path: join(source, "items.csv"), itemsPath: path },
		home: { ...importing, path: join(place.home, "store") },
	})) {
		await request(`import-${id}`, `out-${id}`, what);
		const { row } = await settled(`import-${id}`);
		expect(row).toMatchObject({ status: "failed", error: expect.stringContaining("not below a folder") });
		expect(row?.error).not.toContain("root:");
	}
});
