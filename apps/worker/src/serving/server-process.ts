import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { processIn } from "../executors/process-file";
import type { ProcessIdentity } from "../executors/process-identity";
import type { HomeFolders } from "../home-folders";

const readyFile = z.object({ port: z.int().positive(), pid: z.int().positive() });
const specFile = z.object({ token: z.string() });

/** What is to be found of a model server: its process, and the token that it was started with. */
export interface FoundServer {
	process: ProcessIdentity;
	token: string | null;
}

/** The process that serves a model set, whoever started it; null when none runs. */
export async function findServer(folders: HomeFolders, key: string): Promise<FoundServer | null> {
	const folder = folders.serving(key);
	const process = await processIn(folder);
	if (process === null) return null;
	return { process, token: (await readJson(join(folder, "spec.json"), specFile))?.token ?? null };
}

/** Where a server listens, once its models are loaded. */
export function readReady(folders: HomeFolders, key: string): Promise<z.infer<typeof readyFile> | null> {
	return readJson(join(folders.serving(key), "ready.json"), readyFile);
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
	try {
		return schema.parse(JSON.parse(await readFile(path, "utf8")));
	} catch {
		return null;
	}
}
