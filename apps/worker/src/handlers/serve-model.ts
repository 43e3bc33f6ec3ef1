import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError, messageOf } from "@atelier/core";
import { z } from "zod";
import { identify, type ProcessIdentity } from "../executors/process-identity";
import { stopProcess } from "../executors/stop-process";
import { startTrainer } from "../executors/trainer-command";
import { serveSpec } from "../serving/serve-spec";
import { waitingReason } from "../trainer-state";
import type { WorkerContext } from "../worker-context";

const READY_LIMIT_MS = 4 * 60_000;
const POLL_MS = 100;
const readyFile = z.object({ port: z.int().positive(), pid: z.int().positive() });

/** Starts the live recommendation process of a model set and waits until its models are loaded. */
export async function serveModel(worker: WorkerContext, key: string): Promise<void> {
	const { db, env, folders, trainer } = worker;
	const row = await db.modelServer.findUnique({ where: { key } });
	if (row === null || row.status !== "starting") return;
	let started: ProcessIdentity | null = null;
	try {
		if (trainer().state !== "ready") throw new AppError("UNAVAILABLE", waitingReason(trainer()));
		const folder = folders.serving(key);
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { recursive: true });
		const ready = join(folder, "ready.json");
		const threads = env.ATELIER_WORKER_SLOTS;
		const spec = await serveSpec(db, folders, { key, token: row.token, ready, threads });
		const specPath = join(folder, "spec.json");
		await writeFile(specPath, JSON.stringify(spec), { mode: 0o600 });
		const child = startTrainer(env, "serve", specPath, folder);
		const ended = once(child, "exit").then(
			([code]) => new AppError("UNAVAILABLE", `The process ended with code ${code} while loading.`),
			(error) => new AppError("UNAVAILABLE", `The process could not be started: ${messageOf(error)}`),
		);
		started = child.pid === undefined ? null : await identify(child.pid);
		if (started !== null) await db.modelServer.update({ where: { key }, data: { pid: started.pid } });
		const { port, pid } = await waitUntilReady(worker, ready, folder, ended);
		const data = { status: "ready", port, pid, error: null };
		await db.modelServer.update({ where: { key, token: row.token }, data });
		void ended.then(() =>
			db.modelServer
				.updateMany({ where: { key, token: row.token, pid }, data: { status: "stopped", port: null, pid: null } })
				.catch(() => undefined),
		);
	} catch (error) {
		if (started !== null) await stopProcess(started);
		await db.modelServer.updateMany({
			where: { key, token: row.token },
			data: { status: "failed", error: messageOf(error), port: null, pid: null },
		});
	}
}

async function waitUntilReady(
	worker: WorkerContext,
	path: string,
	folder: string,
	ended: Promise<AppError>,
): Promise<z.infer<typeof readyFile>> {
	let end: AppError | null = null;
	void ended.then((error) => {
		end = error;
	});
	const deadline = Date.now() + READY_LIMIT_MS;
	for (;;) {
		const text = await readFile(path, "utf8").catch(() => null);
		if (text !== null) return readyFile.parse(JSON.parse(text));
		if (end !== null) throw new AppError("UNAVAILABLE", `${messageOf(end)} ${await lastWords(folder)}`);
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
