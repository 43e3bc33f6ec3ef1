import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { postgresUser } from "./unprivileged.mjs";

/** Programs, and Postgres's own folder, which belongs to the user that it runs as. */
const NOT_OURS = new Set(["venvs", "postgres"]);

/**
 * Makes the home, its store, logs and secrets readable by their owner alone, those of earlier versions too, and lets
 * every file that this process and those it starts make from now on be so. Where Postgres runs as another user (we are
 * root), that user may pass through the home to its own folder, and see nothing else.
 *
 * @param {string} home
 * @returns {string[]} what could not be made private
 */
export function keepPrivate(home) {
	if (process.platform === "win32") return [];
	mkdirSync(home, { recursive: true });
	process.umask(0o077);
	/** @type {string[]} */
	const refused = [];
	/** @param {string} path @param {number} mode */
	const restrict = (path, mode) => {
		try {
			if ((statSync(path).mode & 0o777) !== mode) chmodSync(path, mode);
		} catch {
			// A link to nowhere holds nothing; anything else belongs to another user.
			if (existsSync(path)) refused.push(path);
		}
	};
	restrict(home, postgresUser() ? 0o711 : 0o700);
	if (postgresUser() && existsSync(join(home, "venvs"))) restrict(join(home, "venvs"), 0o755);
	// Made here, so that no moment in which others may read (`readableByAll`) makes them.
	for (const folder of ["store", "logs", "serving", "tmp"]) mkdirSync(join(home, folder), { recursive: true });
	for (const entry of readdirSync(home)) {
		if (NOT_OURS.has(entry)) continue;
		const path = join(home, entry);
		if (existsSync(path)) restrict(path, statSync(path).isDirectory() ? 0o700 : 0o600);
	}
	return refused;
}

/**
 * Runs `work` while new files may be read by all, as programs that another user runs must be.
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function readableByAll(work) {
	const umask = process.umask(0o022);
	try {
		return await work();
	} finally {
		process.umask(umask);
	}
}
