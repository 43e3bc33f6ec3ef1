import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { home } from "./paths.mjs";
import { ensurePostgresBinaries, postgresPlace } from "./postgres-binaries.mjs";
import { runningServer, startPostgres, stopPostgres } from "./postgres-server.mjs";
import { upgradeIfOlder } from "./postgres-upgrade.mjs";
import { findPython } from "./python.mjs";

/**
 * @typedef {object} RecordAccess
 * @property {string} serverUrl of our own server as its superuser, or what DATABASE_URL says
 * @property {string} databaseUrl
 * @property {boolean} own
 * @property {(name: "pg_dump" | "pg_restore") => string} program
 * @property {() => Promise<void>} close stops a server that was started for this
 */

/**
 * The record, whether Atelier runs or not: its own Postgres is started where it does not run.
 * @returns {Promise<RecordAccess>}
 */
export async function openRecord() {
	const place = postgresPlace(home, () => {});
	const given = process.env.DATABASE_URL;
	if (given) {
		const { binaries } = await ensurePostgresBinaries({ place, python: findPython }).catch(() => ({ binaries: null }));
		const program = (/** @type {string} */ name) => (binaries === null ? name : join(binaries, name));
		return { serverUrl: given, databaseUrl: given, own: false, program, close: async () => {} };
	}
	const { binaries } = await ensurePostgresBinaries({ place, python: findPython });
	const folder = join(place, "postgres");
	const wasRunning = existsSync(join(folder, "data")) && (await runningServer(join(folder, "data"))) !== null;
	if (!wasRunning) await upgradeIfOlder({ folder, binaries });
	const { url: serverUrl } = await startPostgres({ folder, binaries });
	const databaseUrl = new URL(serverUrl);
	databaseUrl.pathname = "/atelier";
	return {
		serverUrl,
		databaseUrl: databaseUrl.href,
		own: true,
		program: (name) => join(binaries, name),
		close: () => (wasRunning ? Promise.resolve() : stopPostgres({ folder, binaries })),
	};
}

/** @param {string} program pg_dump or pg_restore @param {number} serverMajor @throws {Failure} when it is too old, or not there */
export function checkProgram(program, serverMajor) {
	const { stdout, error } = spawnSync(program, ["--version"], { encoding: "utf8" });
	const major = Number(/\(PostgreSQL\) (\d+)/.exec(stdout ?? "")?.[1] ?? 0);
	if (error || major === 0) {
		throw new Failure(
			`This needs ${program} of PostgreSQL ${serverMajor} or newer, which is not there: install it and try again.`,
		);
	}
	if (major < serverMajor) {
		throw new Failure(
			`The record is on PostgreSQL ${serverMajor} and ${program} is of ${major}: install one of ${serverMajor} and put it first in PATH.`,
		);
	}
}
