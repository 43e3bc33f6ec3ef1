import { messageOf } from "@atelier/core";
import { readEnv } from "./env";
import { startWorker } from "./worker";

/** A stop that takes longer than this is no clean one any more; what is left is taken up by the next worker. */
const STOP_LIMIT_MS = 15_000;

function log(message: string): void {
	console.log(`${new Date().toISOString()} worker: ${message}`);
}

async function main(): Promise<void> {
	// Shopping logs and weights: for the owner alone, whatever the shell's own mask. Trainers inherit it.
	process.umask(0o077);
	const worker = await startWorker(readEnv(), log);
	log(`${worker.id} is ready`);
	let isStopping = false;
	const stop = (signal: string) => {
		if (isStopping) return;
		isStopping = true;
		log(`${signal}: stopping`);
		setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
		worker.stop().then(
			() => process.exit(0),
			(error) => {
				log(`stopping failed: ${messageOf(error)}`);
				process.exit(1);
			},
		);
	};
	for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop(signal));
}

main().catch((error) => {
	log(messageOf(error));
	process.exit(1);
});
