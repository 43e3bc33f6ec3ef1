import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError, messageOf } from "@atelier/core";
import { writeProcessFile } from "../executors/process-file";
import { identify, isAlive, type ProcessIdentity } from "../executors/process-identity";
import { stopProcess } from "../executors/stop-process";
import { startTrainer } from "../executors/trainer-command";
import { noteStopped } from "../serving/note-stopped";
import { serveSpec } from "../serving/serve-spec";
import { findServer, readReady } from "../serving/server-process";
import { waitingReason } from "../trainer-state";
import type { WorkerContext } from "../worker-context";

const READY_LIMIT_MS = 4 * 60_000;
const POLL_MS = 100;

/**
 * Starts the live recommendation process of a model set and waits until its models are loaded. One that was started for
 * the same request, by a worker that died, is found again; any other that serves the set makes way.
 */
export async function serveModel(worker: WorkerContext, key: string): Promise<void> {
	const { db, folders } = worker;
	const row = await db.modelServer.findUnique({ where: { key } });
	if (row === null || row.status !== "starting") return;
	const { token } = row;
	const set = (data: Parameters<typeof db.modelServer.updateMany>[0]["data"]) =>
		db.modelServer.updateMany({ where: { key, token }, data });
	let server: ProcessIdentity | null = null;
	try {
		const found = await findServer(folders, key);
		if (found !== null && found.token !== token) await stopProcess(found.process);
		server = found?.token === token ? found.process : await startServer(worker, key, token);
		await set({ pid: server.pid, pidStartedAt: server.startedAt, workerId: worker.id });
		const { port } = await waitUntilReady(worker, key, server);
		await set({ status: "ready", port, error: null });
	} catch (error) {
		if (server !== null) await stopProcess(server);
		const gone = { port: null, pid: null, pidStartedAt: null, workerId: null };
		// Asked for still: the next worker starts it.
		await set(worker.isStopping() ? gone : { ...gone, status: "failed", error: messageOf(error) });
	}
}

/** @throws AppError UNAVAILABLE when it cannot be started */
async function startServer(worker: WorkerContext, key: string, token: string): Promise<ProcessIdentity> {
	const { env, folders, trainer } = worker;
	if (trainer().state !== "ready") throw new AppError("UNAVAILABLE", waitingReason(trainer()));
	const folder = folders.serving(key);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	const ready = join(folder, "ready.json");
	const spec = await serveSpec(worker, { key, token, ready, threads: env.ATELIER_WORKER_SLOTS });
	const specPath = join(folder, "spec.json");
	await writeFile(specPath, JSON.stringify(spec), { mode: 0o600 });
	const child = startTrainer(env, "serve", specPath, folder);
	const failed = once(child, "error").then(([error]) => messageOf(error));
	const process = child.pid === undefined ? null : await identify(child.pid);
	if (process === null) {
		const why = child.pid === undefined ? await failed : "it ended at once";
		throw new AppError("UNAVAILABLE", `The process could not be started: ${why}. ${await lastWords(folder)}`);
	}
	writeProcessFile(folder, process);
	// Told at once when it ends by itself; of servers of other workers, reconciliation finds out.
	child.once("exit", () => void noteStopped(worker, key, process));
	return process;
}

async function waitUntilReady(worker: WorkerContext, key: string, server: ProcessIdentity): Promise<{ port: number }> {
	const deadline = Date.now() + READY_LIMIT_MS;
	for (;;) {
		const ready = await readReady(worker.folders, key);
		if (ready !== null) return ready;
		if (!(await isAlive(server))) {
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
