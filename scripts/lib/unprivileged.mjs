import { chownSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Postgres refuses to run as root: where we are root (containers, CI) it runs as `nobody`. */
const NOBODY = 65534;

/** @returns {{ uid: number, gid: number } | undefined} whom to run Postgres as, when not as ourselves */
export function postgresUser() {
	return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : undefined;
}

/**
 * Whether another user can walk down to this folder: every folder above it must let others pass.
 * @param {string} path
 * @returns {boolean}
 */
export function isReachableByOthers(path) {
	for (let at = path; ; at = dirname(at)) {
		if (existsSync(at) && (statSync(at).mode & 0o001) === 0 && statSync(at).uid !== NOBODY) return false;
		if (dirname(at) === at) return true;
	}
}

/**
 * Makes a folder that the user Postgres runs as owns, contents included.
 * @param {string} path
 */
export function makeOwnedByPostgres(path) {
	mkdirSync(path, { recursive: true, mode: 0o700 });
	const user = postgresUser();
	if (user) chownTree(path, user);
}

/** @param {string} path @param {{ uid: number, gid: number }} user */
function chownTree(path, user) {
	if (statSync(path).uid === user.uid) return;
	for (const entry of readdirSync(path, { withFileTypes: true })) {
		const child = join(path, entry.name);
		if (entry.isDirectory()) chownTree(child, user);
		else chownSync(child, user.uid, user.gid);
	}
	chownSync(path, user.uid, user.gid);
}
