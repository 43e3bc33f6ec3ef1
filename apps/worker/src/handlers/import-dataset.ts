import { rm } from "node:fs/promises";
import { AppError, explain, messageOf } from "@atelier/core";
import { IMPORT_FORMATS, type ImportProgress, SYNTHETIC_CATEGORIES } from "@atelier/data";
import { notify } from "@atelier/db";
import { CHANNELS, checkDataset, type ImportRequest, importRequest, wantedName } from "@atelier/jobs";
import { generateSample } from "../datasets/generate-sample";
import { ProgressReporter } from "../datasets/progress-reporter";
import { publishDataset } from "../datasets/publish-dataset";
import { runImport } from "../datasets/run-import";
import type { StopReason, WorkerContext } from "../worker-context";

/** Imports what a dataset row asks for. Whatever goes wrong, neither rows nor files of it stay, and the row says why. */
export async function importDatasetJob(worker: WorkerContext, datasetId: string): Promise<void> {
	const { db } = worker;
	if (worker.running.has(datasetId)) return;
	const stopping = new AbortController();
	const stop = (reason: StopReason) => stopping.abort(reason);
	const progress = new ProgressReporter(async ({ step, done, total, unit }) => {
		await db.dataset.updateMany({
			where: { id: datasetId, status: "importing" },
			data: { progress: { step, done, total, unit } },
		});
		await notify(db, CHANNELS.datasets, datasetId);
	});
	const ended = (async () => {
		// Read once it can be stopped: a cancellation is in the row, or is heard.
		const row = await db.dataset.findUnique({ where: { id: datasetId } });
		if (row === null || row.status !== "importing") return;
		try {
			const request = importRequest.parse(row.request);
			const name = wantedName(row.name);
			const outcome = await read(worker, datasetId, name, request, progress.report, stopping.signal);
			await progress.settled();
			await publishDataset(worker, {
				rowId: datasetId,
				name,
				outcome,
				report: progress.report,
				signal: stopping.signal,
			});
			if (request.kind === "import" && request.upload) await worker.uploads.remove(request.upload);
		} catch (error) {
			await progress.settled();
			// At a shutdown the row stays as it is: the import starts anew with the next worker.
			if (stopping.signal.reason === "shutdown") return;
			// Whoever cancelled it says so in the row.
			if (stopping.signal.reason === "cancelled") return;
			await db.dataset.updateMany({
				where: { id: datasetId, status: "importing" },
				data: { status: "failed", error: messageOf(error), progress: undefined },
			});
			worker.log(`import ${row.name}: ${explain(error)}`);
		} finally {
			await rm(worker.folders.temporary(datasetId), { recursive: true, force: true });
			await notify(db, CHANNELS.datasets, datasetId);
		}
	})();
	worker.running.set(datasetId, { stop, ended });
	try {
		await ended;
	} finally {
		worker.running.delete(datasetId);
	}
}

async function read(
	{ db, folders, readable, store: artifacts }: WorkerContext,
	datasetId: string,
	name: string,
	request: ImportRequest,
	onProgress: (progress: ImportProgress) => void,
	signal: AbortSignal,
) {
	const isWhole = async (id: string) => (await checkDataset(db, artifacts, id, { isFull: true, signal })) === null;
	const store = artifacts.root;
	const { group } = request;
	if (request.kind === "import") {
		const format = IMPORT_FORMATS.find((known) => known === request.format);
		if (format === undefined) throw new AppError("BAD_REQUEST", `Unknown format "${request.format}".`);
		const { path, mapping, itemsPath, encoding, maxRejectedShare } = request;
		const wanted = { path, format, name, group, mapping, itemsPath, encoding, maxRejectedShare };
		return runImport({ request: wanted, store, readable }, { onProgress, isWhole, signal });
	}
	const category = SYNTHETIC_CATEGORIES.find(({ slug }) => slug === request.category)?.slug;
	if (category === undefined) throw new AppError("BAD_REQUEST", `The sample has no category "${request.category}".`);
	const outDir = folders.temporary(datasetId);
	onProgress({ step: "generating", done: 0, total: request.users, unit: "shoppers" });
	await generateSample(
		{ category, users: request.users, seed: request.seed, outDir },
		(done, total) => onProgress({ step: "generating", done, total, unit: "shoppers" }),
		signal,
	);
	const made = { path: outDir, format: "atelier", name, group, synthetic: true } as const;
	return runImport({ request: made, store }, { onProgress, isWhole, signal });
}
