import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DISK_FULL, Failure, isDiskFull } from "./failure.mjs";
import { accepts, freePort, isPortFree } from "./ports.mjs";
import { endOrphanedBackends } from "./postgres-orphans.mjs";
import { commandOf, isAlive, stopProcess } from "./processes.mjs";
import { lastLines } from "./run.mjs";
import { makeOwnedByPostgres, postgresUser } from "./unprivileged.mjs";

const USER = "atelier";
/** Recovering after a kill reads the log since the last checkpoint, which takes a while on a slow disk. */
const START_WITHIN_MS = 5 * 60_000;

/**
 * @typedef {object} PostgresServer
 * @property {string} url of the database `postgres` as its owner, password included
 * @property {number} port
 * @property {number} pid of the postmaster
 * @property {boolean} adopted whether it was running already
 */

/**
 * Starts the Postgres of a folder, making its data directory the first time, or adopts the one that already runs
 * there because whoever started it was killed.
 *
 * @param {object} options
 * @param {string} options.folder holds `data`, `password` and `log`; it belongs to the user that Postgres runs as
 * @param {string} options.binaries
 * @param {string[]} [options.settings] more `name=value` settings
 * @returns {Promise<PostgresServer>}
 */
export async function startPostgres({ folder, binaries, settings = [] }) {
	makeOwnedByPostgres(folder);
	const data = join(folder, "data");
	const log = join(folder, "log");
	const password = ensurePassword(folder);
	initialise({ folder, data, binaries, log });
	const running = await runningServer(data);
	if (running === null) await endOrphanedBackends(data);
	const { pid, port } = running ?? (await launchWhenFree({ data, binaries, log, settings }));
	return {
		url: `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`,
		port,
		pid,
		adopted: running !== null,
	};
}

/** @param {string} folder */
function ensurePassword(folder) {
	const file = join(folder, "password");
	if (existsSync(file)) return readFileSync(file, "utf8").trim();
	const password = randomBytes(24).toString("hex");
	writeFileSync(file, `${password}\n`, { mode: 0o600 });
	makeOwnedByPostgres(folder);
	chownToPostgres(file);
	return password;
}

/** @param {{ folder: string, data: string, binaries: string, log: string }} where */
function initialise({ folder, data, binaries, log }) {
	if (existsSync(join(data, "PG_VERSION")) && existsSync(join(data, "global", "pg_control"))) return;
	// A directory without its control file was left half-made by an interrupted start and holds nothing yet.
	rmSync(data, { recursive: true, force: true });
	const { status, stdout, stderr, error } = spawnSync(
		join(binaries, "initdb"),
		[
			"-D",
			data,
			"-U",
			USER,
			"-A",
			"scram-sha-256",
			`--pwfile=${join(folder, "password")}`,
			"-E",
			"UTF8",
			"--no-locale",
		],
		{ ...postgresUser(), cwd: folder, encoding: "utf8", env: plainEnvironment() },
	);
	if (status === 0) return;
	const output = error?.message ?? `${stdout}${stderr}`;
	rmSync(data, { recursive: true, force: true });
	if (isDiskFull(output)) throw new Failure(`Could not make the database. ${DISK_FULL}`);
	throw new Failure(`Could not make the database under ${data} (see also ${log}):\n${lastLines(output, 8)}`);
}

/**
 * The server that `postmaster.pid` names, once it accepts connections; a stale file is removed.
 * @param {string} data
 * @returns {Promise<{ pid: number, port: number } | null>}
 */
export async function runningServer(data) {
	const until = Date.now() + START_WITHIN_MS;
	while (Date.now() < until) {
		const lock = readPostmasterLock(data);
		if (!lock) return null;
		if (!isPostgres(lock.pid)) {
			// The pid is gone or was given to another program (in containers pids are small and come back soon).
			rmSync(join(data, "postmaster.pid"), { force: true });
			return null;
		}
		if (lock.ready && (await accepts(lock.port))) return { pid: lock.pid, port: lock.port };
		await delay(50);
	}
	throw new Failure(
		`A Postgres of ${data} runs but does not accept connections; stop process ${readPostmasterLock(data)?.pid}.`,
	);
}

/** @param {number} pid */
function isPostgres(pid) {
	if (!isAlive(pid)) return false;
	return process.platform === "win32" || /postgres/.test(commandOf(pid));
}

/**
 * `postmaster.pid` by line: pid, data directory, start time, port, socket directory, address, shared memory, status.
 * @param {string} data
 */
function readPostmasterLock(data) {
	try {
		const lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
		const pid = Number(lines[0]);
		if (!Number.isInteger(pid) || pid <= 0) return null;
		return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
	} catch {
		return null;
	}
}

/** @param {{ data: string, binaries: string, log: string, settings: string[] }} options */
async function launchWhenFree(options) {
	const until = Date.now() + START_WITHIN_MS;
	for (let killed = 0; ; ) {
		try {
			return await launch(options);
		} catch (error) {
			// Backends of a killed server still work, and end with their queries.
			const isOccupied = error instanceof Failure && /pre-existing shared memory block/.test(error.message);
			// Killed while it came up, by whatever kills when memory is short, for example.
			const isKilled = error instanceof Failure && /exited with SIGKILL/.test(error.message);
			if (isKilled) killed += 1;
			if ((!isOccupied && !isKilled) || killed > 3 || Date.now() > until) throw error;
			await delay(500);
			await endOrphanedBackends(options.data);
		}
	}
}

/** @param {{ data: string, binaries: string, log: string, settings: string[] }} options */
async function launch({ data, binaries, log, settings }) {
	const port = await rememberedPort(data);
	const all = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", ...settings];
	const out = openSync(log, "a");
	chownToPostgres(log);
	// A process group of its own: Ctrl-C in the terminal must reach the console and the worker first.
	const child = spawn(join(binaries, "postgres"), ["-D", data, ...all.flatMap((setting) => ["-c", setting])], {
		...postgresUser(),
		cwd: data,
		detached: true,
		stdio: ["ignore", out, out],
		env: plainEnvironment(),
	});
	closeSync(out);
	child.unref();
	/** @type {string | null} */
	let ended = null;
	child.once("error", (error) => {
		ended = error.message;
	});
	child.once("exit", (code, signal) => {
		ended = `exited with ${code ?? signal}`;
	});
	const until = Date.now() + START_WITHIN_MS;
	while (Date.now() < until && ended === null) {
		const lock = readPostmasterLock(data);
		if (lock && lock.pid === child.pid && lock.ready && (await accepts(port))) return { pid: lock.pid, port };
		await delay(20);
	}
	const tail = lastLines(readFileSync(log, "utf8"), 5);
	if (isDiskFull(tail)) throw new Failure(`Postgres did not start. ${DISK_FULL}`);
	throw new Failure(`Postgres did not start (${ended ?? "no answer in five minutes"}); ${log} ends with:\n${tail}`);
}

/** The port of last time if it is free, so that addresses noted by people keep working. @param {string} data */
async function rememberedPort(data) {
	const file = join(data, "..", "port");
	const last = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
	const port = last > 0 && (await isPortFree(last)) ? last : await freePort();
	writeFileSync(file, `${port}\n`);
	return port;
}

/**
 * Stops the Postgres of a folder, if one runs there: open transactions are rolled back.
 * @param {{ folder: string, binaries: string }} where as for `startPostgres`
 */
export async function stopPostgres({ folder, binaries }) {
	const data = join(folder, "data");
	const lock = readPostmasterLock(data);
	if (!lock || !isPostgres(lock.pid)) return;
	if (process.platform === "win32") {
		spawnSync(join(binaries, "pg_ctl"), ["stop", "-D", data, "-m", "fast", "-w"]);
		return;
	}
	// SIGINT is Postgres's fast shutdown. Never SIGKILL: it would leave shared memory and need recovery.
	const stopped = await stopProcess(lock.pid, { signal: "SIGINT", graceMs: 30_000, thenKill: false });
	if (!stopped) throw new Failure(`Postgres (process ${lock.pid}) did not stop within 30 seconds; see ${folder}/log.`);
}

/** @param {string} file */
function chownToPostgres(file) {
	const user = postgresUser();
	if (user) chownSync(file, user.uid, user.gid);
}

/** PG* variables of the person's shell must not reach our server. */
function plainEnvironment() {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PG")));
}
