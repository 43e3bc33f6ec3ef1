import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run, runOrFail } from "./run.mjs";

/** Of the packages without which the environment is of no use; others are stamped under names of their own. */
const STAMP = "atelier-stamp";

/**
 * @typedef {{ args: string[], files?: string[] }} PipInstall arguments after `pip install`; `files` are the requirement
 * files among them, whose content belongs to the stamp
 */

/** @param {string} environment @returns {string} its Python */
export function pythonIn(environment) {
	return process.platform === "win32" ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");
}

/**
 * Whether the environment holds what these installs ask for, as far as its stamp tells.
 * @param {string} environment
 * @param {PipInstall[]} installs
 * @param {string} [stampName]
 */
export function isInstalled(environment, installs, stampName = STAMP) {
	try {
		return (
			existsSync(pythonIn(environment)) && readFileSync(join(environment, stampName), "utf8") === stampOf(installs)
		);
	} catch {
		return false;
	}
}

/**
 * Makes the environment if it is not there and runs the installs, unless its stamp says that both were done. An
 * interrupted install leaves no stamp and is taken up again.
 *
 * @param {object} options
 * @param {string} options.environment folder of the environment
 * @param {() => Promise<import("./python.mjs").Python>} options.python found only when an environment must be made
 * @param {PipInstall[]} options.installs
 * @param {string} options.purpose as in "install the trainer's packages"
 * @param {(message: string) => void} [options.onProgress] told what pip is doing
 * @param {AbortSignal} [options.signal]
 * @param {string} [options.stampName]
 * @returns {Promise<boolean>} false when there was nothing to do
 */
export async function ensureEnvironment({
	environment,
	python,
	installs,
	purpose,
	onProgress,
	signal,
	stampName = STAMP,
}) {
	if (isInstalled(environment, installs, stampName)) return false;
	if ((await run(pythonIn(environment), ["-m", "pip", "--version"])).code !== 0) {
		const base = await python();
		rmSync(environment, { recursive: true, force: true });
		mkdirSync(dirname(environment), { recursive: true });
		await runOrFail(`make a Python environment at ${environment}`, base.executable, ["-m", "venv", environment], {
			signal,
		});
	}
	for (const { args } of installs) {
		const command = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", ...args];
		await runOrFail(purpose, pythonIn(environment), command, {
			signal,
			onLine: (line) => {
				const step = /^\s*(Collecting|Downloading|Installing)\b.*/.exec(line);
				if (step) onProgress?.(step[0].trim().slice(0, 160));
			},
		});
	}
	writeFileSync(join(environment, stampName), stampOf(installs));
	return true;
}

/** @param {PipInstall[]} installs */
function stampOf(installs) {
	const hash = createHash("sha256");
	for (const { args, files = [] } of installs) {
		// The names of requirement files are left out: the same content elsewhere is the same environment.
		hash.update(JSON.stringify(args.filter((argument) => !files.includes(argument))));
		for (const file of files) hash.update(readFileSync(file));
	}
	return hash.digest("hex");
}
