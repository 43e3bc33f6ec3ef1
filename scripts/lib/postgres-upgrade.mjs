import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { Failure } from "./failure.mjs";
import { pgEnvironment } from "./pg-environment.mjs";
import { startPostgres, stopPostgres } from "./postgres-server.mjs";
import { runOrFail } from "./run.mjs";

const DATABASE = "atelier";

/**
 * Brings a data directory of an older major version of Postgres to that of `binaries`: dumped by the old server, restored
 * into a new one beside it, and only then put in its place. The old directory stays as `data-16`. An upgrade that is
 * interrupted changes nothing and begins anew.
 *
 * @param {{ folder: string, binaries: string }} where as for `startPostgres`, whose server must not run
 * @returns {Promise<number | null>} the major version that it had, null when there was nothing to do
 * @throws {Failure} saying what to do, when the programs of that version are not there, or the data is newer
 */
export async function upgradeIfOlder({ folder, binaries }) {
	const data = join(folder, "data");
	const fresh = join(folder, "upgrade");
	// Interrupted between the last two steps: all that is left is to put the new one in its place.
	if (!existsSync(data) && existsSync(join(fresh, "data", "PG_VERSION"))) renameSync(join(fresh, "data"), data);
	const had = majorOfData(data);
	const wanted = majorOfPrograms(binaries);
	if (had === null || wanted === null || had === wanted) {
		rmSync(fresh, { recursive: true, force: true });
		return null;
	}
	if (had > wanted) {
		throw new Failure(
			`The database under ${data} was made by PostgreSQL ${had}, and this Atelier brings ${wanted}: start it with the newer Atelier that made it.`,
		);
	}
	const old = programsOf(had, binaries);
	if (old === null) {
		throw new Failure(
			`The database under ${data} was made by PostgreSQL ${had}, whose programs are needed once to read it and are not here. Install PostgreSQL ${had} with pgvector (on Debian: postgresql-${had} and postgresql-${had}-pgvector) and start again; or take a backup with the Atelier that made it and restore that. Nothing was changed.`,
		);
	}
	rmSync(fresh, { recursive: true, force: true });
	mkdirSync(fresh, { recursive: true });
	const dump = join(fresh, "record.dump");
	const before = await startPostgres({ folder, binaries: old });
	try {
		const environment = { env: pgEnvironment(inDatabase(before.url)) };
		await runOrFail(
			"dump the older database",
			join(binaries, "pg_dump"),
			["--format=custom", `--file=${dump}`],
			environment,
		);
	} finally {
		await stopPostgres({ folder, binaries: old });
	}
	copyFileSync(join(folder, "password"), join(fresh, "password"));
	const after = await startPostgres({ folder: fresh, binaries });
	try {
		const client = new pg.Client({ connectionString: after.url });
		await client.connect();
		await client.query(`CREATE DATABASE ${DATABASE}`).finally(() => client.end());
		// Whom it belongs to is settled at every start (prepareOwnDatabase).
		const args = ["--no-owner", "--no-privileges", "--exit-on-error", `--dbname=${DATABASE}`, dump];
		const environment = { env: pgEnvironment(inDatabase(after.url)) };
		await runOrFail("restore the older database", join(binaries, "pg_restore"), args, environment);
	} finally {
		await stopPostgres({ folder: fresh, binaries });
	}
	const kept = `${data}-${had}`;
	rmSync(kept, { recursive: true, force: true });
	renameSync(data, kept);
	renameSync(join(fresh, "data"), data);
	rmSync(fresh, { recursive: true, force: true });
	return had;
}

/** @param {string} data @returns {number | null} null where there is no database */
function majorOfData(data) {
	const file = join(data, "PG_VERSION");
	return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : null;
}

/** @param {string} binaries @returns {number | null} */
function majorOfPrograms(binaries) {
	const { stdout } = spawnSync(join(binaries, "postgres"), ["--version"], { encoding: "utf8" });
	const major = /\(PostgreSQL\) (\d+)/.exec(stdout ?? "")?.[1];
	return major === undefined ? null : Number(major);
}

/** @param {number} major @param {string} binaries those of our own version, whose package carries an older one */
function programsOf(major, binaries) {
	const places = [
		join(binaries, "..", "..", "pginstall", "bin"),
		`/usr/lib/postgresql/${major}/bin`,
		`/usr/pgsql-${major}/bin`,
		`/opt/homebrew/opt/postgresql@${major}/bin`,
	];
	return places.find((place) => majorOfPrograms(place) === major) ?? null;
}

/** @param {string} serverUrl */
function inDatabase(serverUrl) {
	const url = new URL(serverUrl);
	url.pathname = `/${DATABASE}`;
	return url.href;
}
