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

/**
 * The same, without what the machine itself holds back: a turn of the loop counts for no longer than this process had a
 * processor in it. For work that takes long, in which a loaded machine is late somewhere.
 */
export async function longestBusyTurn(work: () => Promise<unknown>): Promise<number> {
	let longestMs = 0;
	let at = performance.now();
	let used = process.cpuUsage();
	const timer = setInterval(() => {
		const { user, system } = process.cpuUsage(used);
		longestMs = Math.max(longestMs, Math.min(performance.now() - at, (user + system) / 1e3));
		at = performance.now();
		used = process.cpuUsage();
	}, 5);
	try {
		await work();
	} finally {
		clearInterval(timer);
	}
	return longestMs;
}
