import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError, messageOf } from "@atelier/core";
import type { Execution } from "../executors/executor";
import { noteStopped } from "../serving/note-stopped";
import { serveSpec } from "../serving/serve-spec";
import { findServer, readReady, serverExecution } from "../serving/server-process";
import { waitingReason } from "../trainer-state";
import type { WorkerContext } from "../worker-context";

const READY_LIMIT_MS = 4 * 60_000;
const POLL_MS = 100;

/**
 * Starts the live recommendation process of a model set and waits until its models are loaded. One that was started for
 * the same request, by a worker that died, is found again; any other that serves the set makes way.
 */
export async function serveModel(worker: WorkerContext, key: string): Promise<void> {
	const { db, executors } = worker;
	const row = await db.modelServer.findUnique({ where: { key } });
	if (row === null || row.status !== "starting") return;
	const { token } = row;
	const set = (data: Parameters<typeof db.modelServer.updateMany>[0]["data"]) =>
		db.modelServer.updateMany({ where: { key, token }, data });
	let server: Execution | null = null;
	try {
		const found = await findServer(worker, key);
		if (found !== null && found.token !== token) await executors.local.stop(found.execution);
		server = found?.token === token ? found.execution : await startServer(worker, key, token);
		await set({ host: executors.local.host, handle: server.handle, workerId: worker.id });
		const { port } = await waitUntilReady(worker, key, server);
		await set({ status: "ready", port, error: null });
	} catch (error) {
		if (server !== null) await executors.local.stop(server);
		const gone = { port: null, handle: null, workerId: null };
		// Asked for still: the next worker starts it.
		await set(worker.isStopping() ? gone : { ...gone, status: "failed", error: messageOf(error) });
	}
}

/** @throws AppError UNAVAILABLE when it cannot be started */
async function startServer(worker: WorkerContext, key: string, token: string): Promise<Execution> {
	const { env, executors, folders, trainer } = worker;
	if (trainer().state !== "ready") throw new AppError("UNAVAILABLE", waitingReason(trainer()));
	const folder = folders.serving(key);
	await rm(folder, { recursive: true, force: true });
	const ready = join(folder, "ready.json");
	const spec = await serveSpec(worker, { key, token, ready, threads: env.ATELIER_WORKER_SLOTS });
	const handle = await executors.local.submit({ id: key, folder, command: "serve", spec });
	const execution = serverExecution(folders, key, handle);
	void noteEnd(worker, key, execution);
	return execution;
}

/** Told at once when it ends by itself; of servers of other workers, reconciliation finds out. */
async function noteEnd(worker: WorkerContext, key: string, execution: Execution): Promise<void> {
	const { local } = worker.executors;
	const never = new AbortController().signal;
	while ((await local.state(execution)).is === "running") {
		if (worker.isStopping()) return;
		await local.pause(execution, never);
	}
	if (!worker.isStopping()) await noteStopped(worker, key, execution.handle);
}

async function waitUntilReady(worker: WorkerContext, key: string, server: Execution): Promise<{ port: number }> {
	const deadline = Date.now() + READY_LIMIT_MS;
	for (;;) {
		const ready = await readReady(worker.folders, key);
		if (ready !== null) return ready;
		if ((await worker.executors.local.state(server)).is !== "running") {
			const words = await lastWords(worker.folders.serving(key));
			throw new AppError("UNAVAILABLE", `The process ended while loading. ${words}`);
		}
		if (worker.isStopping()) throw new AppError("UNAVAILABLE", "The worker was stopped.");
		if (Date.now() > deadline) throw new AppError("UNAVAILABLE", "The models took longer than four minutes to load.");
		await delay(POLL_MS);
	}
}

/** Last line of what the process wrote on stderr. */
async function lastWords(folder: string): Promise<string> {
	const text = await readFile(join(folder, "stderr.log"), "utf8").catch(() => "");
	return text.trim().split("\n").at(-1) ?? "";
}
