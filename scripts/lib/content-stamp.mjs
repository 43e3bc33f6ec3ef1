import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { inHome, root } from "./paths.mjs";

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

/** @param {string} name of the thing made @param {string} hash of what it was made from */
export function isStamped(name, hash) {
	const file = inHome("stamps", name);
	return existsSync(file) && readFileSync(file, "utf8") === hash;
}

/** @param {string} name @param {string} hash */
export function stamp(name, hash) {
	writeFileSync(inHome("stamps", name), hash);
}
