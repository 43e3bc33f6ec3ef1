import { createHash, randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StoredFile } from "@atelier/core";
import { attemptRef, type Ref } from "../../src";

/** What an attempt leaves: a folder with its files, and their list. */
export interface MadeArtifact {
	ref: Ref;
	files: StoredFile[];
}

/** Writes files and a seal into `folder`. */
export async function writeArtifact(
	folder: string,
	contents: Record<string, string | Buffer>,
	ref = attemptRef("split", randomUUID(), randomUUID()),
): Promise<MadeArtifact> {
	const files: StoredFile[] = [];
	for (const [path, content] of Object.entries({ ...contents, "receipt.json": `{"outputs":"${ref}"}` })) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), content);
		const bytes = Buffer.from(content);
		files.push({ path, sizeBytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") });
	}
	return { ref, files };
}

export async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
	const items: T[] = [];
	for await (const one of all) items.push(one);
	return items;
}
