import { spawn } from "node:child_process";
import { DISK_FULL, Failure, isDiskFull } from "./failure.mjs";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Ends every program that `run` has under way: on SIGTERM they would outlive us. */
export function endRunningPrograms() {
	for (const child of running) child.kill("SIGTERM");
}

/**
 * Runs a program to its end without a terminal of its own.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions & { onLine?: (line: string) => void, signal?: AbortSignal }} [options]
 * @returns {Promise<{ code: number, output: string }>} `code` is 127 when the program does not exist
 */
export function run(command, args, { onLine, ...options } = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
		running.add(child);
		let output = "";
		let rest = "";
		/** @param {Buffer} chunk */
		const read = (chunk) => {
			output = (output + chunk).slice(-200_000);
			if (!onLine) return;
			const lines = (rest + chunk).split("\n");
			rest = lines.pop() ?? "";
			lines.forEach(onLine);
		};
		child.stdout?.on("data", read);
		child.stderr?.on("data", read);
		child.on("error", (error) => {
			running.delete(child);
			if ("code" in error && error.code === "ENOENT") resolve({ code: 127, output: error.message });
			else reject(error);
		});
		child.on("close", (code) => {
			running.delete(child);
			if (rest) onLine?.(rest);
			resolve({ code: code ?? 1, output });
		});
	});
}

/**
 * Like `run`, but a non-zero exit is a failure that says what was tried and shows the end of what it printed.
 *
 * @param {string} purpose what the program was to do, as in "install the JavaScript packages"
 * @param {string} command
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function runOrFail(purpose, command, args, options) {
	const { code, output } = await run(command, args, options);
	if (code === 0) return output;
	if (isDiskFull(output)) throw new Failure(`Could not ${purpose}. ${DISK_FULL}`);
	throw new Failure(`Could not ${purpose} (${command} exited with ${code}):\n${lastLines(output, 15)}`);
}

/** @param {string} text @param {number} count */
export function lastLines(text, count) {
	return text.trimEnd().split("\n").slice(-count).join("\n");
}
