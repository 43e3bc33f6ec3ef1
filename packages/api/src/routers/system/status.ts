import { z } from "zod";
import { storeOf } from "../../store/store-of";
import { procedure } from "../../trpc";

/** A worker that has not been seen for this long is taken for gone. */
const WORKER_SILENCE_MS = 20_000;

const trainerState = z.object({
	state: z.enum(["installing", "ready", "failed"]),
	message: z.string().default(""),
	step: z.string().default(""),
});
export type TrainerState = z.infer<typeof trainerState> | { state: "unknown"; message: string; step: string };

/** Is a worker alive, and is the trainer's Python environment there yet? */
export const status = procedure.query(async ({ ctx }) => {
	const worker = await ctx.db.workerHeartbeat.findFirst({ orderBy: { seenAt: "desc" } });
	const alive = worker !== null && Date.now() - worker.seenAt.getTime() < WORKER_SILENCE_MS;
	const parsed = trainerState.safeParse(worker?.trainer);
	const trainer: TrainerState =
		alive && parsed.success ? parsed.data : { state: "unknown", message: "No worker has reported yet.", step: "" };
	const seenAt = worker?.seenAt ?? null;
	return { version: ctx.version, worker: { alive, seenAt }, trainer, store: storeOf(ctx).place };
});
