import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Execution } from "../executors/executor";
import type { HomeFolders } from "../home-folders";
import type { WorkerContext } from "../worker-context";

const readyFile = z.object({ port: z.int().positive(), pid: z.int().positive() });
const specFile = z.object({ token: z.string() });

/** What is to be found of a model server: its execution, and the token that it was started with. */
export interface FoundServer {
	execution: Execution;
	token: string | null;
}

/** A model server as its host's executor knows it. */
export function serverExecution(folders: HomeFolders, key: string, handle: string): Execution {
	return { id: key, folder: folders.serving(key), handle };
}

/** What serves a model set, whoever started it; null when nothing does. */
export async function findServer(
	{ executors, folders }: Pick<WorkerContext, "executors" | "folders">,
	key: string,
): Promise<FoundServer | null> {
	const folder = folders.serving(key);
	const handle = await executors.local.find({ id: key, folder });
	if (handle === null) return null;
	const execution = serverExecution(folders, key, handle);
	if ((await executors.local.state(execution)).is !== "running") return null;
	return { execution, token: (await readJson(join(folder, "spec.json"), specFile))?.token ?? null };
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
