import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Failure } from "./failure.mjs";
import { home, root } from "./paths.mjs";
import { ensurePostgresBinaries, postgresPlace } from "./postgres-binaries.mjs";
import { PostgresGuard } from "./postgres-guard.mjs";
import { runningServer, startPostgres } from "./postgres-server.mjs";
import { findPython } from "./python.mjs";
import { ensureSecret } from "./secrets.mjs";
import { step } from "./steps.mjs";

const RESTARTS_WITHIN_MS = 60_000;

/** The record on our own Postgres: the role of console and worker, which owns it, is not the server's superuser. */
const OWN = { name: "atelier", role: "atelier_app" };

/**
 * The Postgres to use: the one of `DATABASE_URL`, or our own under the home, which is then kept running.
 * @param {{ onStop: (stop: () => Promise<void>) => void, onHopeless: (error: Failure) => void }} tell `onStop` is told,
 *   before our own is started, how to stop it
 * @returns {Promise<{ serverUrl: string, own: boolean, logs: string[] }>}
 */
export async function openPostgres({ onStop, onHopeless }) {
	const given = process.env.DATABASE_URL;
	if (given) {
		await step("Using the Postgres of DATABASE_URL", async () => ({ result: null, note: hostOf(given) }));
		return { serverUrl: given, own: false, logs: [] };
	}
	const place = postgresPlace(home, (message) => console.log(`  ${message}`));
	const binaries = await step("Installing Postgres", async () => {
		const { binaries, installed } = await ensurePostgresBinaries({ place, python: findPython });
		return { result: binaries, note: installed ? "done" : "already there" };
	});
	const folder = join(place, "postgres");
	const guard = new PostgresGuard({ folder, binaries }, { onHopeless });
	onStop(() => guard.stop());
	const data = join(folder, "data");
	if (!existsSync(data) || (await runningServer(data)) === null) {
		// Not at the top of this file: the packages are installed by now, and were not before.
		const { upgradeIfOlder } = await import("./postgres-upgrade.mjs");
		const had = await upgradeIfOlder({ folder, binaries });
		if (had !== null) console.log(`  The database was of PostgreSQL ${had}; that data is kept in ${data}-${had}.`);
	}
	return step("Starting Postgres", async () => {
		const server = await startPostgres({ folder, binaries });
		guard.watch(server);
		const note = server.adopted ? `took over the one left running on port ${server.port}` : `port ${server.port}`;
		return { result: { serverUrl: server.url, own: true, logs: [join(folder, "log")] }, note };
	});
}

/** @param {string} url */
function hostOf(url) {
	try {
		const { host, pathname } = new URL(url);
		return `${host}${pathname}`;
	} catch {
		throw new Failure("DATABASE_URL is no address; it looks like postgresql://user:password@host:5432/database.");
	}
}

/** A module of packages/db, which is TypeScript. @param {string} file */
async function load(file) {
	const tsx = await import(pathToFileURL(join(root, "node_modules/tsx/dist/esm/api/index.mjs")).href);
	return tsx.tsImport(pathToFileURL(join(root, "packages/db/src", file)).href, import.meta.url);
}

/**
 * The record's database for the role that console and worker have, made on our own server where it is missing.
 * @param {{ serverUrl: string, own: boolean }} server
 * @returns {Promise<string>} its address
 */
export async function prepareRecord({ serverUrl, own }) {
	if (!own) return serverUrl;
	const { prepareOwnDatabase } = await load("own-database.ts");
	return prepareOwnDatabase(serverUrl, { ...OWN, password: ensureSecret("database-password") });
}

/**
 * Brings the record up to date with the code's own runner.
 * @param {{ serverUrl: string, own: boolean }} server
 * @returns {Promise<string>} the record's address
 */
export async function migrateRecord(server) {
	return step("Migrating the record", async () => {
		const { migrate } = await load("migrate.ts");
		const { isPassing } = await load("passing-errors.ts");
		const until = Date.now() + RESTARTS_WITHIN_MS;
		for (;;) {
			try {
				const url = await prepareRecord(server);
				const applied = await migrate(url);
				return { result: url, note: applied.length > 0 ? `applied ${applied.join(", ")}` : "up to date" };
			} catch (error) {
				// Our own may have been killed since it was started, and is being started again.
				if (server.own && isPassing(error) === "unavailable" && Date.now() < until) await delay(500);
				else if (error instanceof Error && error.name === "AppError") throw new Failure(error.message);
				else throw error;
			}
		}
	});
}
