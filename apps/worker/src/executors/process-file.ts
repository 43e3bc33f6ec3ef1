import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { findBySpec } from "./find-by-spec";
import type { ProcessIdentity } from "./process-identity";

const processFile = z.object({ pid: z.number(), startedAt: z.string() });

/** Which process works in a folder, written beside its spec: whoever finds the folder can tell whether it still runs. */
export function writeProcessFile(folder: string, { pid, startedAt }: ProcessIdentity): void {
	const path = join(folder, "trainer.pid");
	writeFileSync(`${path}.tmp`, JSON.stringify({ pid, startedAt }));
	renameSync(`${path}.tmp`, path);
}

/** The process that was started in a folder, whether or not it still runs; null where none is known of. */
export async function knownProcess(folder: string): Promise<ProcessIdentity | null> {
	return read(join(folder, "trainer.pid")) ?? (await findBySpec(join(folder, "spec.json")));
}

function read(path: string): ProcessIdentity | null {
	try {
		return processFile.parse(JSON.parse(readFileSync(path, "utf8")));
	} catch {
		return null;
	}
}
