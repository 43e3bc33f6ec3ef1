import { runThread } from "../threads/run-thread";
import type { SampleOrder } from "./sample-thread";

/**
 * Writes the synthetic sample in a thread of its own: a large catalogue takes seconds in one piece.
 *
 * @throws AppError CANCELLED when `signal` is raised; the thread is ended at once
 */
export async function generateSample(
	order: SampleOrder,
	onProgress: (done: number, total: number) => void,
	signal: AbortSignal,
): Promise<void> {
	await runThread({
		module: new URL("./sample-thread.ts", import.meta.url),
		order,
		name: "The generator",
		signal,
		onProgress,
	});
}
