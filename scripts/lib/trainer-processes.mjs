import { home } from "./paths.mjs";
import { stopProcess } from "./processes.mjs";
import { run } from "./run.mjs";

/**
 * Stops trainer processes of this home that are still there. They are detached so as to outlive a worker that is
 * killed; a clean stop leaves none. Their stages are taken up by the next start.
 */
export async function stopTrainerProcesses() {
	if (process.platform === "win32") return;
	const { output } = await run("ps", ["-A", "-ww", "-o", "pid=,args="]);
	const pids = output
		.split("\n")
		.filter((line) => line.includes("-m atelier_trainer") && line.includes(home))
		.map((line) => Number.parseInt(line, 10));
	await Promise.all(pids.filter((pid) => pid > 0).map((pid) => stopProcess(pid, { graceMs: 3_000 })));
}
