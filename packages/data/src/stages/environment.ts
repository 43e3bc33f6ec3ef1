import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { StageEnvironment } from "@atelier/core";
import { version as duckdb } from "@duckdb/node-api";

const run = promisify(execFile);
// Not `new URL(…, import.meta.url)`: the console's bundler would take the folders for assets.
const PACKAGES = join(dirname(fileURLToPath(import.meta.url)), "../../..");

let known: Promise<Pick<StageEnvironment, "code" | "commit">> | undefined;

/** What a TypeScript stage runs with; the trainer's says the same of itself (atelier_trainer/environment.py). */
export async function tsEnvironment(threads: number | undefined): Promise<StageEnvironment> {
	known ??= codeOf(PACKAGES);
	return {
		device: "cpu",
		processor: cpus()[0]?.model ?? process.arch,
		threads: threads ?? cpus().length,
		versions: { node: process.versions.node, duckdb: duckdb() },
		...(await known),
	};
}

/** 12 hex digits over the modules that stages are made of, and the checkout's commit where there is git. */
async function codeOf(packages: string): Promise<Pick<StageEnvironment, "code" | "commit">> {
	const hash = createHash("sha256");
	for (const folder of ["core/src", "data/src"]) {
		const names = await readdir(join(packages, folder), { recursive: true });
		for (const name of names.filter((one) => one.endsWith(".ts")).sort()) {
			const content = await readFile(join(packages, folder, name));
			hash.update(`${folder}/${name}\0${content.length}\0`).update(content);
		}
	}
	const commit = await run("git", ["-C", packages, "rev-parse", "HEAD"]).then(
		({ stdout }) => stdout.trim(),
		() => null,
	);
	return { code: hash.digest("hex").slice(0, 12), commit };
}
