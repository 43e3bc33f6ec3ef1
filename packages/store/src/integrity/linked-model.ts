import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type StoredFile, storedFiles } from "@atelier/core";
import { z } from "zod";

const FILE = "base.json";
const link = z.object({
	/** Of a hub's model; without them the model is its content. */
	repository: z.string().optional(),
	commit: z.string().optional(),
	path: z.string(),
	files: storedFiles,
});

/** A base model whose weights have stayed outside the store. */
export interface LinkedModel {
	/** Where they were when the stage ran; another machine has a hub's model in its own cache. */
	folder: string;
	/** Of a hub's model. */
	hub: { repository: string; commit: string } | null;
	/** What the folder held. */
	files: StoredFile[];
}

/**
 * The model to which a base-model stage's folder links; null for an artifact that has everything in its own folder, and
 * for links of older versions, which list no checksums.
 */
export async function linkedModel(folder: string, files: readonly StoredFile[]): Promise<LinkedModel | null> {
	if (!files.some(({ path }) => path === FILE)) return null;
	const parsed = link.safeParse(parseJson(await readFile(join(folder, FILE), "utf8")));
	if (!parsed.success) return null;
	const { repository, commit, path, files: theirs } = parsed.data;
	const hub = repository !== undefined && commit !== undefined ? { repository, commit } : null;
	return { folder: path, hub, files: theirs };
}

/** A file that is no JSON is damaged, which its checksum says better. */
function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
