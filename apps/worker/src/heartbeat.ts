import { hostname } from "node:os";
import type { Database } from "@atelier/db";
import { identify } from "./executors/process-identity";
import { readTrainerState, type TrainerState } from "./trainer-state";

const BEAT_MS = 3_000;
/** Rows of workers that fell silent are kept this long: attempts that they held name them. */
const KEEP_SILENT_MS = 24 * 60 * 60 * 1_000;

export interface Heartbeat {
	trainer: () => TrainerState;
	/** Removes the row: this worker is gone, and knows it. */
	stop(): Promise<void>;
}

/** Announces this worker every few seconds, with the state of the trainer's environment as its installer last wrote it. */
export async function startHeartbeat(
	db: Database,
	{ id, home, slots, onTrainerReady }: { id: string; home: string; slots: number; onTrainerReady: () => void },
): Promise<Heartbeat> {
	const startedAt = new Date();
	const pidStartedAt = (await identify(process.pid))?.startedAt ?? null;
	let trainer = await readTrainerState(home);
	const beat = async () => {
		const before = trainer.state;
		trainer = await readTrainerState(home);
		const about = { hostname: hostname(), pid: process.pid, pidStartedAt, slots, startedAt };
		const row = { ...about, seenAt: new Date(), trainer };
		await db.workerHeartbeat.upsert({ where: { id }, create: { id, ...row }, update: row });
		if (before !== "ready" && trainer.state === "ready") onTrainerReady();
	};
	await beat();
	await db.workerHeartbeat.deleteMany({ where: { seenAt: { lt: new Date(Date.now() - KEEP_SILENT_MS) } } });
	// A record that cannot be reached is met again at the next beat.
	const timer = setInterval(() => void beat().catch(() => undefined), BEAT_MS);
	return {
		trainer: () => trainer,
		async stop() {
			clearInterval(timer);
			await db.workerHeartbeat.deleteMany({ where: { id } });
		},
	};
}
