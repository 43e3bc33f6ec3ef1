// npm may leave a platform's optional package out of the lock without a word; `npm ci` then fails on that platform.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { missingOptionalPackages } from "./lib/lock-file.mjs";
import { root } from "./lib/paths.mjs";

const missing = missingOptionalPackages(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages);
for (const { wanted, by } of missing)
	console.error(`package-lock.json lacks ${wanted}, an optional dependency of ${by}`);
if (missing.length > 0) process.exit(1);
console.log("package-lock.json holds every optional platform package.");
