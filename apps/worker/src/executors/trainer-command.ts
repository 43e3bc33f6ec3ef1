import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { trainerEnvironment, type WorkerEnv } from "../env";

/**
 * Starts the trainer in a process group of its own with its output in `stdout.log` and `stderr.log` of `folder`, so
 * that it lives on when the worker dies.
 */
export function startTrainer(env: WorkerEnv, command: "run" | "serve", spec: string, folder: string): ChildProcess {
	const stdout = openSync(join(folder, "stdout.log"), "a");
	const stderr = openSync(join(folder, "stderr.log"), "a");
	const threads = String(env.ATELIER_TRAINER_THREADS);
	try {
		const child = spawn(env.ATELIER_TRAINER_PYTHON, ["-m", "atelier_trainer", command, spec], {
			cwd: folder,
			detached: true,
			stdio: ["ignore", stdout, stderr],
			env: trainerEnvironment(env, {
				PYTHONPATH: env.ATELIER_TRAINER_PATH,
				PYTHONUNBUFFERED: "1",
				OMP_NUM_THREADS: threads,
				MKL_NUM_THREADS: threads,
			}),
		});
		child.unref();
		return child;
	} finally {
		closeSync(stdout);
		closeSync(stderr);
	}
}
