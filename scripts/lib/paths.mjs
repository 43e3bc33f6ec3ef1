import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Everything that a checkout makes lives here (`.atelier`, or wherever `ATELIER_HOME` points). */
export const home = resolve(root, process.env.ATELIER_HOME || ".atelier");

/** @param {string[]} names @returns {string} absolute path in the home, whose folder exists afterwards */
export function inHome(...names) {
	const path = join(home, ...names);
	mkdirSync(dirname(path), { recursive: true });
	return path;
}
