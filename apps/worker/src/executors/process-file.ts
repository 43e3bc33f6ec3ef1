import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { findBySpec } from "./find-by-spec";
import { isAlive, type ProcessIdentity } from "./process-identity";

const processFile = z.object({ pid: z.number(), startedAt: z.string() });

/** Which process works in a folder, written beside its spec: whoever finds the folder can tell whether it still runs. */
export function writeProcessFile(folder: string, { pid, startedAt }: ProcessIdentity): void {
	const path = join(folder, "trainer.pid");
	writeFileSync(`${path}.tmp`, JSON.stringify({ pid, startedAt }));
	renameSync(`${path}.tmp`, path);
}

/** The process that works in a folder, if one still does. */
export async function processIn(folder: string): Promise<ProcessIdentity | null> {
	const known = read(join(folder, "trainer.pid"));
	if (known === null) return findBySpec(join(folder, "spec.json"));
	return (await isAlive(known)) ? known : null;
}

function read(path: string): ProcessIdentity | null {
	try {
		return processFile.parse(JSON.parse(readFileSync(path, "utf8")));
	} catch {
		return null;
	}
}
