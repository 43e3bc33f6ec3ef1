import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { AppError } from "@atelier/core";
import { z } from "zod";
import type { SampleOrder } from "./sample-thread";

const progress = z.object({ done: z.number(), total: z.number() });

/**
 * Writes the synthetic sample in a thread of its own: a large catalogue takes seconds in one piece, during which this
 * process must renew leases and hear cancellations.
 *
 * @throws AppError CANCELLED when `signal` is raised; the thread is ended at once
 */
export async function generateSample(
	order: SampleOrder,
	onProgress: (done: number, total: number) => void,
	signal: AbortSignal,
): Promise<void> {
	const thread = new Worker(new URL("./sample-thread.mjs", import.meta.url), { workerData: order, execArgv: [] });
	thread.on("message", (message) => {
		const { done, total } = progress.parse(message);
		onProgress(done, total);
	});
	const stop = () => void thread.terminate();
	if (signal.aborted) stop();
	signal.addEventListener("abort", stop, { once: true });
	try {
		const [code] = await once(thread, "exit");
		if (signal.aborted) throw new AppError("CANCELLED", "The import was cancelled.");
		if (code !== 0) throw new AppError("INTERNAL", `The generator ended with code ${code}.`);
	} finally {
		signal.removeEventListener("abort", stop);
	}
}
