import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { explain } from "@atelier/core";
import { readableFolders, UploadStore } from "@atelier/data";
import { createDatabase, createPool, type Listener, listen } from "@atelier/db";
import { CHANNELS, openQueue } from "@atelier/jobs";
import { openStore, storeSettings } from "@atelier/store";
import { startAnswers } from "./answers/answer-runner";
import { Dispatcher } from "./dispatcher";
import type { WorkerEnv } from "./env";
import { Executors } from "./executors/executors";
import { importDatasetJob } from "./handlers/import-dataset";
import { importRunJob } from "./handlers/import-run";
import { serveModel } from "./handlers/serve-model";
import { startHeartbeat } from "./heartbeat";
import { HomeFolders } from "./home-folders";
import { probeHost, startProbing } from "./hosts/host-prober";
import { startCompleting } from "./ranks/complete-ranks";
import { startReconciling } from "./reconcile/reconcile";
import { stopServers } from "./serving/stop-servers";
import { finishRun } from "./stages/finish-run";
import type { WorkerContext } from "./worker-context";

/** Each has a process of its own, with as many threads as there are processors. */
const IMPORTS_AT_ONCE = 2;
const STOP_AGAIN_MS = 200;

export interface Worker {
	id: string;
	/** Ends everything that this worker runs, puts it back into the queue, and closes all connections. */
	stop(): Promise<void>;
}

/**
 * Starts a worker: it takes jobs, and first of all what an earlier worker left behind.
 *
 * @param factories executors in place of the usual ones
 */
export async function startWorker(
	env: WorkerEnv,
	log: (message: string) => void,
	factories?: ConstructorParameters<typeof Executors>[1],
): Promise<Worker> {
	const id = randomUUID();
	const db = createDatabase(env.DATABASE_URL, { connections: env.ATELIER_WORKER_SLOTS + 6 });
	const pool = createPool(env.DATABASE_URL, { connections: env.ATELIER_WORKER_SLOTS + IMPORTS_AT_ONCE });
	const queue = await openQueue(env.DATABASE_URL, "worker", (error) => log(`queue: ${explain(error)}`));
	const store = openStore(storeSettings(env.ATELIER_HOME, env));
	let stopping = false;
	let fillSlots = () => {};
	let noteResults = (_runId: string) => {};
	const heartbeat = await startHeartbeat(db, {
		id,
		home: env.ATELIER_HOME,
		slots: env.ATELIER_WORKER_SLOTS,
		onTrainerReady: () => fillSlots(),
	});
	const worker: WorkerContext = {
		id,
		env,
		db,
		pool,
		queue,
		executors: new Executors({ db, env, store }, factories),
		store,
		folders: new HomeFolders(env.ATELIER_HOME),
		uploads: new UploadStore(env.ATELIER_HOME),
		readable: readableFolders({ named: env.ATELIER_FILES, home: env.ATELIER_HOME }),
		running: new Map(),
		background: new Set(),
		trainer: heartbeat.trainer,
		wake: () => fillSlots(),
		noteResults: (runId) => noteResults(runId),
		isStopping: () => stopping,
		log,
	};
	const reconciling = startReconciling(worker);
	// What an earlier worker left running takes its slots before anything new does.
	await reconciling.first();
	const dispatcher = new Dispatcher(worker);
	fillSlots = () => dispatcher.wake();
	const listeners = await Promise.all([
		listenForCancels(worker, reconciling.now),
		listen(env.DATABASE_URL, CHANNELS.queue, fillSlots, fillSlots),
	]);
	await takeJobs(worker);
	const answers = [await startAnswers(worker, "contrast"), await startAnswers(worker, "slice_view")];
	const completing = startCompleting(worker);
	noteResults = completing.add;
	const probing = startProbing(worker);
	return {
		id,
		async stop() {
			stopping = true;
			probing.stop();
			await Promise.all(listeners.map((listener) => listener.close()));
			await dispatcher.stop();
			await Promise.all(answers.map((one) => one.stop()));
			await completing.stop();
			await reconciling.stop();
			// Told again and again: what had just been claimed or adopted is not under way before it has read the record.
			while (worker.background.size > 0 || worker.running.size > 0) {
				for (const { stop } of worker.running.values()) stop("shutdown");
				const ended = [...worker.background, ...[...worker.running.values()].map(({ ended }) => ended)];
				await Promise.race([Promise.allSettled(ended), delay(STOP_AGAIN_MS)]);
			}
			await queue.stop();
			await stopServers(worker);
			await heartbeat.stop();
			await pool.end();
			await db.$disconnect();
		},
	};
}

async function takeJobs(worker: WorkerContext): Promise<void> {
	const { queue } = worker;
	await queue.work("finish-run", { concurrency: 1, batch: 20 }, ({ runId }) => finishRun(worker, runId));
	await queue.work("probe-host", { concurrency: 2 }, async ({ name }) => {
		if (await probeHost(worker, name)) worker.wake();
	});
	await queue.work("serve-model", { concurrency: 2 }, ({ key }) => serveModel(worker, key));
	await queue.work("import-dataset", { concurrency: IMPORTS_AT_ONCE }, ({ datasetId }) =>
		importDatasetJob(worker, datasetId),
	);
	await queue.work("import-run", { concurrency: IMPORTS_AT_ONCE }, ({ importId }) => importRunJob(worker, importId));
}

/** A lost connection may have missed a cancellation: reconciliation reads it from the record. */
function listenForCancels(worker: WorkerContext, onConnect: () => void): Promise<Listener> {
	return listen(worker.env.DATABASE_URL, CHANNELS.cancel, (id) => worker.running.get(id)?.stop("cancelled"), onConnect);
}
