import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, openSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "./failure.mjs";
import { endMarked, markedProcesses } from "./marked-processes.mjs";
import { freePort } from "./ports.mjs";
import { rayPython } from "./ray-environment.mjs";
import { lastLines } from "./run.mjs";

const UP_WITHIN_MS = 90_000;
const MARK = "ATELIER_RAY_HEAD";

/**
 * @typedef {object} RayHead
 * @property {string} address of its Jobs API
 * @property {string} token
 * @property {string} tokenFile
 * @property {() => Promise<void>} stop ends everything of it, its jobs too
 * @property {() => Promise<void>} restart as after a crash: the same address and token, and no memory of its jobs
 * @property {(part: "raylet" | "gcs_server") => number} kill a part of it with SIGKILL; how many processes that were
 */

/**
 * A Ray head on loopback that asks for a token, with all it writes in one folder. Its jobs see neither this checkout nor
 * the console's data by any path of ours: what they need comes to them by address.
 *
 * @param {{ folder: string, port?: number, cpus?: number, python?: string }} options `folder` wants a short path, since
 *   sockets lie in it; `python` has Ray
 * @returns {Promise<RayHead>}
 */
export async function startRayHead({ folder, port, cpus = 4, python = rayPython }) {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const tokenFile = join(folder, "token");
	if (!existsSync(tokenFile)) writeFileSync(tokenFile, randomBytes(32).toString("hex"), { mode: 0o600 });
	const ports = { dashboard: port ?? (await freePort()), gcs: await freePort(), agent: await freePort() };
	const marks = { mark: `${MARK}=${folder}`, titled: { title: "ray::", folder: realpathSync(folder) } };
	const start = async () => {
		const log = openSync(join(folder, "head.log"), "a");
		const args = ["start", "--head", "--block", "--disable-usage-stats", "--node-ip-address=127.0.0.1"];
		args.push(`--port=${ports.gcs}`, "--dashboard-host=127.0.0.1", `--dashboard-port=${ports.dashboard}`);
		args.push(
			`--dashboard-agent-listen-port=${ports.agent}`,
			`--num-cpus=${cpus}`,
			`--temp-dir=${join(folder, "ray")}`,
		);
		// Ray takes a third of the memory for objects that no stage has.
		args.push("--object-store-memory=100000000", "--include-dashboard=true");
		const child = spawn(join(dirname(python), "ray"), args, {
			cwd: folder,
			env: environment(folder, tokenFile),
			detached: true,
			stdio: ["ignore", log, log],
		});
		child.unref();
		await untilUp(`http://127.0.0.1:${ports.dashboard}`, readFileSync(tokenFile, "utf8").trim(), folder, child);
	};
	const stop = () => endMarked(marks);
	// What a killed start left.
	await stop();
	try {
		await start();
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		address: `http://127.0.0.1:${ports.dashboard}`,
		token: readFileSync(tokenFile, "utf8").trim(),
		tokenFile,
		stop,
		async restart() {
			await endMarked(marks, 0);
			await start();
		},
		kill(part) {
			const found = markedProcesses(marks).filter(({ command }) => command.split(" ")[0]?.endsWith(`/${part}`));
			for (const { pid } of found) process.kill(pid, "SIGKILL");
			return found.length;
		},
	};
}

/** Nothing of ours passes: neither the console's secret nor the way to the record. @param {string} folder @param {string} tokenFile */
function environment(folder, tokenFile) {
	const { PATH = "", LANG = "C.UTF-8" } = process.env;
	return {
		PATH,
		LANG,
		HOME: folder,
		[MARK]: folder,
		ATELIER_HOST_CACHE: join(folder, "cache"),
		RAY_AUTH_MODE: "token",
		RAY_AUTH_TOKEN_PATH: tokenFile,
		RAY_DISABLE_IMPORT_WARNING: "1",
	};
}

/** @param {string} address @param {string} token @param {string} folder @param {import("node:child_process").ChildProcess} child */
async function untilUp(address, token, folder, child) {
	const headers = { authorization: `Bearer ${token}` };
	for (const until = Date.now() + UP_WITHIN_MS; Date.now() < until; await delay(200)) {
		if (child.exitCode !== null) break;
		// Jobs are answered later than the version.
		const response = await fetch(`${address}/api/jobs/`, { headers, signal: AbortSignal.timeout(5_000) }).catch(
			() => null,
		);
		if (response?.ok) return;
	}
	throw new Failure(`The Ray head did not start. ${logEnd(join(folder, "head.log"))}`);
}

/** @param {string} log */
const logEnd = (log) => `${log} ends with:\n${lastLines(readFileSync(log, "utf8"), 12)}`;
