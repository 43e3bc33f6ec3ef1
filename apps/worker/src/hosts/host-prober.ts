import { explain, LOCAL_HOST } from "@atelier/core";
import { keepFacts, keepProblem, takeDueProbes } from "@atelier/jobs";
import type { WorkerContext } from "../worker-context";

const TICK_MS = 5_000;
const EVERY_SECONDS = 25;
const LOCAL_EVERY_MS = 60 * 60_000;

/** Asks a host what it has, and keeps the answer or why there is none. @returns whether it answered */
export async function probeHost(worker: WorkerContext, name: string): Promise<boolean> {
	try {
		const facts = await (await worker.executors.of(name)).probe();
		await keepFacts(worker.db, name, facts);
		return true;
	} catch (error) {
		await keepProblem(worker.db, name, error);
		return false;
	}
}

export interface HostProber {
	/** Waits for no probe: one that hangs ends by its own time-out, and its answer is nobody's then. */
	stop(): void;
}

/**
 * Keeps the states of hosts up to date: of every other host now and then, of `local` when the trainer is there and nobody
 * has asked it for a while, since its check loads the trainer's libraries.
 */
export function startProbing(worker: WorkerContext): HostProber {
	let isLocalKnown = false;
	const stopping = new AbortController();
	const tick = async () => {
		if (worker.isStopping()) return;
		if (!isLocalKnown && worker.trainer().state === "ready") {
			isLocalKnown = true;
			void probeLocal(worker, stopping.signal);
		}
		for (const name of await takeDueProbes(worker.db, EVERY_SECONDS)) void probeInBackground(worker, name);
	};
	// A record that cannot be reached is met again at the next tick.
	const timer = setInterval(() => void tick().catch(() => undefined), TICK_MS);
	return {
		stop() {
			clearInterval(timer);
			stopping.abort();
		},
	};
}

/** `local` is there whatever its trainer says: TypeScript stages run on it all the same. */
async function probeLocal(worker: WorkerContext, signal: AbortSignal): Promise<void> {
	try {
		const { probedAt } = await worker.db.host.findUniqueOrThrow({ where: { name: LOCAL_HOST } });
		if (probedAt !== null && Date.now() - probedAt.getTime() < LOCAL_EVERY_MS) return;
		await keepFacts(worker.db, LOCAL_HOST, await worker.executors.local.probe(signal));
	} catch (error) {
		if (!worker.isStopping()) worker.log(`host local: ${explain(error)}`);
	}
}

async function probeInBackground(worker: WorkerContext, name: string): Promise<void> {
	try {
		if (await probeHost(worker, name)) worker.wake();
	} catch (error) {
		if (!worker.isStopping()) worker.log(`host ${name}: ${explain(error)}`);
	}
}
