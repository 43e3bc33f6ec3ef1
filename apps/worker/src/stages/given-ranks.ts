import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@atelier/core";
import { attemptRef, listFiles, type Ref, type Store } from "@atelier/store";

/**
 * Where an import leaves checked ranks for the stage that takes them over: beside that stage's attempts, so that whichever
 * machine runs it has them, and they go when no run names the stage any more.
 */
const refOf = (stageKey: string): Ref => attemptRef("outside", stageKey, "given");

/** @param folder scratch of the caller's */
export async function publishRanks(store: Store, stageKey: string, path: string, folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	await copyFile(path, join(folder, "ranks.parquet"));
	await writeFile(join(folder, "receipt.json"), "{}");
	await store.publish(refOf(stageKey), folder, await listFiles(folder));
}

/** @throws AppError BAD_DATA where they are gone: then the file has to be imported again */
export async function givenRanks(
	store: Store,
	{ id, stageKey }: { id: string; stageKey: string },
	signal: AbortSignal,
): Promise<string> {
	try {
		return await store.folder(refOf(stageKey), { holder: id, signal });
	} catch (cause) {
		if (!(cause instanceof AppError) || cause.code !== "NOT_FOUND") throw cause;
		throw new AppError("BAD_DATA", "The ranks of this import are not there any more: import the file again.", {
			cause,
		});
	}
}
