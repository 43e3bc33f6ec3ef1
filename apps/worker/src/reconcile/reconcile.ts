import { explain } from "@atelier/core";
import { enqueueCompleteRuns, markRunning, neededUploads, onQueue, settleRuns } from "@atelier/jobs";
import { reapServers } from "../serving/reap-servers";
import type { WorkerContext } from "../worker-context";
import { adoptAttempt } from "./adopt-attempt";
import { closeCancelledAttempts } from "./close-cancelled";
import { endStrays } from "./end-strays";
import { findOrphans } from "./find-orphans";
import { removeUnnamed } from "./remove-unnamed";

const EVERY_MS = 5_000;
/** Files are looked through at the start and then this often. */
const SWEEP_EVERY_MS = 10 * 60_000;

/**
 * Brings the record, the queue and the processes of this machine together again, whatever died in between. Every step
 * asks what is, not what happened, so it can run at any time and any number of times.
 */
export async function reconcile(worker: WorkerContext): Promise<void> {
	for (const orphan of await findOrphans(worker)) {
		// One that cannot be taken over (its host's token cannot be read) is no reason to leave the others.
		await adoptAttempt(worker, orphan).catch((error) => worker.log(`attempt ${orphan.id}: ${explain(error)}`));
	}
	await closeCancelledAttempts(worker);
	await endStrays(worker);
	await settleLeftOvers(worker);
	await enqueueCompleteRuns(worker.db, worker.queue);
	await enqueueImports(worker);
	await reapServers(worker);
}

export interface Reconciling {
	now: () => void;
	/** The round that is under way, or one that begins now. */
	first: () => Promise<void>;
	stop: () => Promise<void>;
}

/** Runs reconciliation every few seconds; never two at once. */
export function startReconciling(worker: WorkerContext): Reconciling {
	let active: Promise<void> = Promise.resolve();
	let isActive = false;
	let sweptAt = 0;
	const round = async () => {
		await reconcile(worker);
		if (Date.now() - sweptAt < SWEEP_EVERY_MS) return;
		sweptAt = Date.now();
		await removeUnnamed(worker);
		await worker.uploads.sweep(await neededUploads(worker.db));
	};
	const now = () => {
		if (isActive || worker.isStopping()) return;
		isActive = true;
		active = round()
			.catch((error) => worker.log(`reconcile: ${explain(error)}`))
			.finally(() => {
				isActive = false;
			});
	};
	const timer = setInterval(now, EVERY_MS);
	return {
		now,
		async first() {
			now();
			await active;
		},
		async stop() {
			clearInterval(timer);
			await active;
		},
	};
}

/** Runs that a worker died on between ending a stage and telling them. */
async function settleLeftOvers({ db }: WorkerContext): Promise<void> {
	const failed = await db.stage.findMany({
		where: { status: "failed", runs: { some: { run: { status: { in: ["queued", "running"] } } } } },
		select: { key: true },
	});
	await onQueue(db, async (tx) => {
		for (const { key } of failed) await settleRuns(tx, key);
		await markRunning(tx);
	});
}

/** Imports whose job was lost; one that has its job, waiting or active, stays as it is. */
async function enqueueImports({ db, queue, running }: WorkerContext): Promise<void> {
	const importing = await db.dataset.findMany({ where: { status: "importing" }, select: { id: true } });
	for (const { id } of importing) {
		if (!running.has(id)) await queue.send("import-dataset", { datasetId: id });
	}
	const checking = await db.outsideImport.findMany({
		where: { status: { in: ["queued", "running"] } },
		select: { id: true },
	});
	for (const { id } of checking) if (!running.has(id)) await queue.send("import-run", { importId: id });
}
