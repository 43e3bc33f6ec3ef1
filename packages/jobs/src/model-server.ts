import { randomBytes } from "node:crypto";
import type { Database } from "@atelier/db";
import type { Queue } from "./queue";

export type ModelServerStatus = "starting" | "ready" | "failed" | "stopped";

export interface ModelServerState {
	/** Key of the retrieve stage, which names the whole model set. */
	key: string;
	status: ModelServerStatus;
	/** On 127.0.0.1 of the worker's machine; null until `ready`. */
	port: number | null;
	/** Goes into `Authorization: Bearer …`. */
	token: string;
	error: string | null;
}

/** A start that takes longer than this is taken for dead and made again. */
const START_LIMIT_MS = 5 * 60_000;

/**
 * The live recommendation process of a model set, started when there is none. Answers at once; a caller that wants to
 * wait asks again until the status is `ready` or `failed`. A failure is reported once: the next request starts anew.
 */
export async function requestModelServer(db: Database, queue: Queue, key: string): Promise<ModelServerState> {
	const now = new Date();
	const known = await db.modelServer.findUnique({ where: { key } });
	const isStuck = known?.status === "starting" && now.getTime() - known.startedAt.getTime() > START_LIMIT_MS;
	if (known && !isStuck && (known.status === "ready" || known.status === "starting")) {
		return stateOf(await db.modelServer.update({ where: { key }, data: { lastUsedAt: now } }));
	}
	const nobody = { port: null, handle: null, workerId: null };
	const fresh = { status: "starting", token: randomBytes(24).toString("hex"), error: null, ...nobody };
	const row = await db.modelServer.upsert({
		where: { key },
		create: { key, ...fresh },
		update: { ...fresh, startedAt: now, lastUsedAt: now },
	});
	await queue.send("serve-model", { key });
	return stateOf(row);
}

/** The state as it is, without starting anything; null when it was never asked for. */
export async function readModelServer(db: Database, key: string): Promise<ModelServerState | null> {
	const row = await db.modelServer.findUnique({ where: { key } });
	return row && stateOf(row);
}

function stateOf(row: { key: string; status: string; port: number | null; token: string; error: string | null }) {
	const { key, port, token, error } = row;
	return { key, status: statusOf(row.status), port, token, error };
}

function statusOf(text: string): ModelServerStatus {
	return text === "starting" || text === "ready" || text === "failed" ? text : "stopped";
}
