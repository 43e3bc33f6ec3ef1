import { explain, visibleLines } from "@atelier/core";
import { readEnv } from "./env";
import { recordAnswers } from "./record-answers";
import { startWorker } from "./worker";

/** A stop that takes longer than this is no clean one any more; what is left is taken up by the next worker. */
const STOP_LIMIT_MS = 15_000;

function log(message: string): void {
	console.log(`${new Date().toISOString()} worker: ${visibleLines(message)}`);
}

async function main(): Promise<void> {
	// Shopping logs and weights: for the owner alone, whatever the shell's own mask. Trainers inherit it.
	process.umask(0o077);
	const env = readEnv();
	await recordAnswers(env.DATABASE_URL, (error) => log(`the record does not answer yet: ${explain(error)}`));
	const worker = await startWorker(env, log);
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
				log(`stopping failed: ${explain(error)}`);
				process.exit(1);
			},
		);
	};
	for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop(signal));
}

main().catch((error) => {
	log(explain(error));
	process.exit(1);
});
