import { existsSync } from "node:fs";
import { join } from "node:path";
import { contentHash, isStamped, stamp } from "./content-stamp.mjs";
import { root } from "./paths.mjs";
import { runOrFail } from "./run.mjs";

/** What the console's build reads. */
const SOURCES = [
	"apps/web",
	"packages/api",
	"packages/core",
	"packages/data",
	"packages/db/src",
	"packages/jobs",
	"packages/store",
	"packages/ui",
	"public",
	"package-lock.json",
	"tsconfig.base.json",
];

const BUILD = "apps/web/.next";

const nextCommand = join(root, "node_modules", "next", "dist", "bin", "next");

/**
 * Builds the console unless the build at hand was made from these very sources.
 * @param {Record<string, string>} environment of the console, which the build may read
 * @returns {Promise<boolean>} false when there was nothing to do
 */
export async function ensureConsoleBuild(environment) {
	const hash = contentHash(SOURCES, [process.versions.node]);
	if (isStamped(BUILD, hash) && existsSync(join(root, BUILD, "BUILD_ID"))) return false;
	await runOrFail("build the console", process.execPath, [nextCommand, "build"], {
		cwd: join(root, "apps", "web"),
		env: { ...process.env, ...environment, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
	});
	// The build itself may touch next-env.d.ts: what is stamped is what it left.
	stamp(BUILD, contentHash(SOURCES, [process.versions.node]));
	return true;
}
