import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@atelier/core";
import type { Database } from "@atelier/db";
import type { Queue } from "../queue";

const WITHIN_MS = 60_000;
const LOOK_MS = 200;
/** Workers that have not been seen for this long answer nothing. */
const SILENCE_MS = 20_000;

/**
 * Has a worker ask a host what it has, and waits for the answer. The console itself need not reach the host.
 *
 * @returns why it cannot be used; null where it can
 * @throws AppError UNAVAILABLE when no worker is there to ask, or none answers in time
 */
export async function askProbe(db: Database, queue: Queue, name: string): Promise<string | null> {
	const heard = await db.workerHeartbeat.count({ where: { seenAt: { gte: new Date(Date.now() - SILENCE_MS) } } });
	if (heard === 0) {
		throw new AppError(
			"UNAVAILABLE",
			"No worker is running, and only a worker speaks to hosts: npx atelier doctor says more.",
		);
	}
	const before = (await db.host.findUniqueOrThrow({ where: { name } })).probedAt?.getTime() ?? 0;
	await queue.send("probe-host", { name });
	for (const until = Date.now() + WITHIN_MS; Date.now() < until; await delay(LOOK_MS)) {
		const host = await db.host.findUnique({ where: { name } });
		if (host === null) throw new AppError("NOT_FOUND", `Host ${name} was removed meanwhile.`);
		if ((host.probedAt?.getTime() ?? 0) > before) return host.problem;
	}
	throw new AppError(
		"UNAVAILABLE",
		`No worker has answered for host ${name} within a minute: npx atelier doctor says more.`,
	);
}
