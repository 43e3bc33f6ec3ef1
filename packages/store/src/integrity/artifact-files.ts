import { lstat, readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { StoredFile } from "@atelier/core";
import { sha256OfFile } from "../sha256";
import { isAbsence } from "./file-facts";

/**
 * What the executor, the follower and the cache put beside the outputs, and nothing reads as an output: checkpoints are
 * there until the stage is done. Versions before 0016 kept `characteristics.json` beside a dataset.
 */
const BESIDE = /(^|\/)\.|\.(log|tmp|pid|partial)$|^(events\.ndjson|characteristics\.json)$|^checkpoints\//;

export function isArtifactFile(path: string): boolean {
	return !BESIDE.test(path);
}

/**
 * Every file of an artifact's folder that counts, with `/` between folders, sorted; null where there is no such folder
 * (a link to one is none: what it leads to is not ours).
 */
export async function filesIn(folder: string): Promise<string[] | null> {
	try {
		if (!(await lstat(folder)).isDirectory()) return null;
		const entries = await readdir(folder, { recursive: true, withFileTypes: true });
		return entries
			.filter((entry) => !entry.isDirectory())
			.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
			.filter(isArtifactFile)
			.sort();
	} catch (error) {
		if (isAbsence(error)) return null;
		throw error;
	}
}

/** The files of a folder that was just written. */
export async function listFiles(folder: string): Promise<StoredFile[]> {
	const files: StoredFile[] = [];
	for (const path of (await filesIn(folder)) ?? []) {
		const file = join(folder, path);
		files.push({ path, sizeBytes: (await stat(file)).size, sha256: await sha256OfFile(file) });
	}
	return files;
}
