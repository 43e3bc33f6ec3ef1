import { join } from "node:path";
import { AppError } from "@atelier/core";

/**
 * What the record names things in the store by: paths below it, so that an installation that is moved, or restored
 * elsewhere, finds everything again. Only {@link storePath} turns them into folders.
 */
export function datasetRef(datasetId: string): string {
	return `datasets/${datasetId}`;
}

export function attemptRef(kind: string, key: string, attemptId: string): string {
	return `stages/${kind}/${key}/${attemptId}`;
}

/** Folder of the store below ATELIER_HOME. */
export function storeFolder(home: string): string {
	return join(home, "store");
}

/** Absolute folder of what a `path` of the record names. @throws AppError INTERNAL for one that leaves the store */
export function storePath(home: string, ref: string): string {
	if (!REF.test(ref) || ref.split("/").includes("..")) {
		throw new AppError("INTERNAL", `The record names "${ref}", which is no path within the store.`);
	}
	return join(storeFolder(home), ref);
}

const REF = /^(datasets|stages)\/[^/]/;
