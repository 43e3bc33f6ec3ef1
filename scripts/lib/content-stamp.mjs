import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./paths.mjs";

const SKIPPED = new Set(["node_modules", ".next", ".turbo", "test", "test-results", "dist", "tsconfig.tsbuildinfo"]);

/**
 * A hash of the names and bytes of files and folders.
 * @param {string[]} paths relative to the checkout; those that do not exist count as absent
 * @param {string[]} [extra] anything else that the outcome depends on
 */
export function contentHash(paths, extra = []) {
	const hash = createHash("sha256").update(JSON.stringify(extra));
	for (const path of paths) add(hash, join(root, path));
	return hash.digest("hex");
}

/** @param {import("node:crypto").Hash} hash @param {string} path */
function add(hash, path) {
	if (!existsSync(path)) return;
	if (statSync(path).isFile()) {
		hash
			.update(`${relative(root, path)}\0`)
			.update(readFileSync(path))
			.update("\0");
		return;
	}
	for (const name of readdirSync(path).sort()) if (!SKIPPED.has(name)) add(hash, join(path, name));
}

/** Lies in what was made, so that it is shared by all who start from this checkout and goes with it. */
const STAMP = ".atelier-stamp";

/** @param {string} made the folder that was made, relative to the checkout @param {string} hash of what it was made from */
export function isStamped(made, hash) {
	const file = join(root, made, STAMP);
	return existsSync(file) && readFileSync(file, "utf8") === hash;
}

/** @param {string} made @param {string} hash */
export function stamp(made, hash) {
	writeFileSync(join(root, made, STAMP), hash);
}
