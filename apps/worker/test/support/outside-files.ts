import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ExportedShopper, exportCsvHead, exportCsvRow, exportJsonLine } from "@atelier/core";
import { until, type Workplace } from "./workplace";

/** A run's shoppers as an export has them. */
export async function exportedShoppers({ db }: Workplace, runId: string): Promise<ExportedShopper[]> {
	const [predictions, examples, items] = await Promise.all([
		db.prediction.findMany({ where: { runId }, orderBy: { exampleId: "asc" } }),
		db.example.findMany(),
		db.item.findMany(),
	]);
	const users = new Map(examples.map(({ exampleId, userKey }) => [exampleId, userKey]));
	const keys = new Map(items.map(({ itemId, itemKey }) => [itemId, itemKey]));
	const keyOf = (item: number) => keys.get(item) ?? "";
	return predictions.map(({ exampleId, groundTruth, rank, items: list, cold }) => ({
		...{ userId: users.get(exampleId) ?? "", groundTruth: keyOf(groundTruth), rank, items: list.map(keyOf) },
		...{ scores: null, cold, attributes: [] },
	}));
}

/** A file of them where the worker may read it. */
export async function writeShoppers({ home }: Workplace, name: string, shoppers: readonly ExportedShopper[]) {
	const folder = join(home, "uploads", randomUUID());
	await mkdir(folder, { recursive: true });
	const path = join(folder, name);
	const isCsv = name.endsWith(".csv");
	const lines = shoppers.map((one) => (isCsv ? exportCsvRow(one) : exportJsonLine(one, []))).join("");
	await writeFile(path, isCsv ? exportCsvHead([]) + lines : lines);
	return path;
}

/** Asks for an import as the console does, and waits for what comes of it. */
export async function importRanks(place: Workplace, path: string, like: string, more: { dryRun?: boolean } = {}) {
	const run = await place.db.run.findUniqueOrThrow({ where: { id: like } });
	const leniency = { ignoreUnknown: false, missingAsMissed: false };
	const id = `outside-${randomUUID()}`;
	const request = { path, like, seed: 7, leniency, dryRun: false, ...more };
	await place.db.outsideImport.create({ data: { id, datasetId: run.datasetId, method: "outside:Mine", request } });
	await place.queue.send("import-run", { importId: id });
	const ended = await until("the file is checked", () =>
		place.db.outsideImport.findFirst({ where: { id, finishedAt: { not: null } } }),
	);
	const { runId } = ended;
	if (runId !== null) {
		const isOver = { id: runId, status: { in: ["succeeded" as const, "failed" as const] } };
		await until("its run has ended", () => place.db.run.findFirst({ where: isOver }));
	}
	return ended;
}
