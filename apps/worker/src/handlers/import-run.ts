import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
	AppError,
	explain,
	isOutside,
	messageOf,
	type OutsideReport,
	type PlannedStage,
	planOutside,
	problemWords,
	stageParams,
} from "@atelier/core";
import type { CheckedRanks } from "@atelier/data";
import {
	checkAttempt,
	checkDataset,
	createLaunch,
	type OutsideImportRequest,
	outsideImportRequest,
} from "@atelier/jobs";
import { datasetRef } from "@atelier/store";
import { ProgressReporter } from "../datasets/progress-reporter";
import { runRanksCheck } from "../datasets/run-import";
import { publishRanks } from "../stages/given-ranks";
import type { StopReason, WorkerContext } from "../worker-context";
import { type LikeRun, likeRun } from "./like-run";

/**
 * Checks the file of ranks that an `outside_import` row names, in a process of its own, and makes a run of it. Of a file
 * with which something is wrong nothing stays but what was found; the run's stages then go the way of all stages.
 */
export async function importRunJob(worker: WorkerContext, importId: string): Promise<void> {
	const { db } = worker;
	if (worker.running.has(importId)) return;
	const stopping = new AbortController();
	const stop = (reason: StopReason) => stopping.abort(reason);
	const live = { id: importId, status: { in: ["queued" as const, "running" as const] } };
	const progress = new ProgressReporter(async ({ step, done, total, unit }) => {
		await db.outsideImport.updateMany({ where: live, data: { progress: { step, done, total, unit } } });
	});
	const end = async (data: {
		status: "succeeded" | "failed";
		error?: string;
		report?: OutsideReport;
		runId?: string;
		wasThere?: boolean;
	}) => {
		await progress.settled();
		await db.outsideImport.updateMany({ where: live, data: { ...data, finishedAt: new Date() } });
	};
	const ended = (async () => {
		const { count } = await db.outsideImport.updateMany({ where: live, data: { status: "running" } });
		if (count === 0) return;
		const { method, request: given } = await db.outsideImport.findUniqueOrThrow({ where: { id: importId } });
		try {
			const request = outsideImportRequest.parse(given);
			const like = await likeRun(db, request);
			const { report, content, path } = await check(worker, importId, request, like, progress.report, stopping.signal);
			if (content === null) {
				await end({ status: "failed", report, error: report.problems.map(problemWords).join("\n") });
			} else if (request.dryRun) {
				await end({ status: "succeeded", report });
			} else {
				const made = await makeRun(worker, { importId, method, request, like, report, content, path }, stopping.signal);
				await end({ status: "succeeded", report, ...made });
				if (request.upload) await worker.uploads.remove(request.upload);
			}
		} catch (error) {
			// At a shutdown the row stays as it is: the next worker begins anew. Whoever cancelled it says so in the row.
			if (stopping.signal.reason === "shutdown" || stopping.signal.reason === "cancelled") return;
			await end({ status: "failed", error: messageOf(error) });
			worker.log(`import of ranks ${importId}: ${explain(error)}`);
		} finally {
			await rm(worker.folders.temporary(importId), { recursive: true, force: true });
			await worker.store.release(importId);
		}
	})();
	worker.running.set(importId, { stop, ended });
	try {
		await ended;
	} finally {
		worker.running.delete(importId);
	}
}

/** @throws AppError also where the split or the data set is damaged */
async function check(
	worker: WorkerContext,
	importId: string,
	request: OutsideImportRequest,
	like: LikeRun,
	onProgress: ProgressReporter["report"],
	signal: AbortSignal,
): Promise<CheckedRanks> {
	const { db, store, readable } = worker;
	const [split, damage] = await Promise.all([
		checkAttempt(db, store, like.splitAttempt, { signal }),
		checkDataset(db, store, like.datasetId, { signal }),
	]);
	if (split?.damage !== null || damage !== null) {
		throw new AppError(
			"CONFLICT",
			`The split or the data set is damaged (${damage ?? split?.damage}). Retry run ${like.id} first.`,
		);
	}
	const folder = worker.folders.temporary(importId);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	const hold = { holder: importId, signal };
	const { path, mapping, encoding, leniency } = request;
	const order = {
		...{ path, mapping, encoding, leniency, folder, k: like.evaluate.k, onlyCold: like.evaluate.examples === "cold" },
		split: await store.folder(split.path, { ...hold, files: ["examples.parquet"] }),
		dataset: await store.folder(datasetRef(like.datasetId), {
			...hold,
			files: ["items.parquet", "interactions.parquet"],
		}),
	};
	return runRanksCheck({ check: order, readable }, { onProgress, signal });
}

interface NewRun {
	importId: string;
	method: string;
	request: OutsideImportRequest;
	like: LikeRun;
	report: OutsideReport;
	content: string;
	path: string;
}

/** @returns the run that these ranks are, which may have been there before */
async function makeRun(
	{ db, queue, store, folders }: WorkerContext,
	{ importId, method, request, like, report, content, path }: NewRun,
	signal: AbortSignal,
) {
	if (!isOutside(method)) throw new AppError("INTERNAL", `${method} is no outside method.`);
	const ranks = stageParams.outside.parse({ content, warnings: report.warnings });
	const plan = planOutside({ datasetId: like.datasetId, split: like.split, evaluate: like.evaluate, ranks });
	const coordinates = { datasetId: like.datasetId, method, variant: "full", setting: like.setting, seed: request.seed };
	const last: PlannedStage | undefined = plan.at(-1);
	const there = await db.run.findFirst({
		where: {
			...coordinates,
			status: { in: ["queued", "running", "succeeded"] },
			stages: { some: { stageKey: last?.key } },
		},
		select: { id: true },
	});
	if (there !== null) return { runId: there.id, wasThere: true };
	const ranked = plan.find(({ kind }) => kind === "outside");
	if (ranked === undefined) throw new AppError("INTERNAL", "The plan of an imported run has no stage for its ranks.");
	await publishRanks(store, ranked.key, path, join(folders.temporary(importId), "given"));
	if (signal.aborted) throw new AppError("CANCELLED", "The import was cancelled.");
	const outside = {
		file: report.file,
		content,
		mapping: report.mapping,
		splitOfRun: like.id,
		leniency: request.leniency,
	};
	const { runIds } = await createLaunch(db, queue, {
		suite: "outside",
		preset: like.preset,
		request: { outside: method, file: report.file, like: like.id },
		runs: [{ ...coordinates, config: { ...like.config, outside }, plan }],
	});
	return { runId: runIds[0], wasThere: false };
}
