import { monitorEventLoopDelay } from "node:perf_hooks";

/** Runs `work` and measures how late this process's event loop was at worst meanwhile, in milliseconds. */
export async function longestStall(work: () => Promise<unknown>): Promise<number> {
	const delay = monitorEventLoopDelay({ resolution: 5 });
	delay.enable();
	try {
		await work();
	} finally {
		delay.disable();
	}
	return delay.max / 1e6;
}
