import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash, isStamped, stamp } from "./content-stamp.mjs";
import { root } from "./paths.mjs";
import { runOrFail } from "./run.mjs";

/**
 * Installs the locked packages unless they are all there.
 * @returns {Promise<boolean>} false when there was nothing to do
 */
export async function ensureJavaScriptPackages() {
	if (packagesMatchLock(root)) return false;
	const npm = process.env.npm_execpath;
	const [command, ...first] = npm?.endsWith("js") ? [process.execPath, npm] : ["npm"];
	await runOrFail("install the JavaScript packages", command ?? "npm", [...first, "ci", "--no-audit", "--no-fund"], {
		cwd: root,
		shell: command === "npm" && process.platform === "win32",
	});
	return true;
}

/**
 * Compares what npm says it installed (a file it writes last) with the lock, so that an install by hand counts too and
 * an interrupted one does not.
 *
 * @param {string} folder
 */
export function packagesMatchLock(folder) {
	const wanted = readPackages(join(folder, "package-lock.json"));
	const installed = readPackages(join(folder, "node_modules", ".package-lock.json"));
	if (!wanted || !installed) return false;
	return Object.entries(wanted).every(([path, entry]) => {
		if (!path.includes("node_modules/") || entry.optional || entry.devOptional || entry.peer) return true;
		return entry.link ? path in installed : installed[path]?.version === entry.version;
	});
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }> | null}
 */
function readPackages(file) {
	return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : null;
}

const CLIENT = "packages/db/src/generated";

/**
 * Generates the Prisma client unless it is that of this schema.
 * @returns {Promise<boolean>} false when there was nothing to do
 */
export async function ensurePrismaClient() {
	const prisma = join(root, "node_modules", "prisma");
	const version = JSON.parse(readFileSync(join(prisma, "package.json"), "utf8")).version;
	const hash = contentHash(["prisma/schema.prisma", "prisma.config.ts"], [version]);
	if (isStamped(CLIENT, hash) && existsSync(join(root, CLIENT, "client.ts"))) return false;
	const cli = join(prisma, "build", "index.js");
	await runOrFail("generate the Prisma client", process.execPath, [cli, "generate"], { cwd: root });
	stamp(CLIENT, hash);
	return true;
}
