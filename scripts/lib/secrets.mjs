import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { inHome } from "./paths.mjs";

/**
 * A random secret that stays the same from start to start, readable by its owner alone.
 * @param {string} name of its file in the home
 */
export function ensureSecret(name) {
	const file = inHome(name);
	if (existsSync(file)) return readFileSync(file, "utf8").trim();
	const secret = randomBytes(32).toString("hex");
	writeFileSync(file, `${secret}\n`, { mode: 0o600 });
	return secret;
}
