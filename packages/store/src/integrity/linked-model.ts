import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type StoredFile, storedFiles } from "@atelier/core";
import { z } from "zod";

const FILE = "base.json";
const link = z.object({ path: z.string(), files: storedFiles });

/**
 * The folder outside the store in which a base model's weights have stayed, with what it held when the stage ran; null
 * for an artifact that has everything in its own folder, and for links of older versions, which list no checksums.
 */
export async function linkedModel(
	folder: string,
	files: readonly StoredFile[],
): Promise<{ folder: string; files: StoredFile[] } | null> {
	if (!files.some(({ path }) => path === FILE)) return null;
	const parsed = link.safeParse(parseJson(await readFile(join(folder, FILE), "utf8")));
	return parsed.success ? { folder: parsed.data.path, files: parsed.data.files } : null;
}

/** A file that is no JSON is damaged, which its checksum says better. */
function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
