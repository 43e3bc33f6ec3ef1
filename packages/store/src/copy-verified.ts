import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError, type StoredFile } from "@atelier/core";
import { sha256OfFile } from "./sha256";

/**
 * Writes one file of an artifact below `folder`, by rename and only with the content that is listed; one that is there
 * already with it stays.
 *
 * @throws AppError BAD_DATA for other content
 */
export async function copyVerified(file: StoredFile, content: Readable, folder: string): Promise<void> {
	const target = join(folder, file.path);
	if (await isThere(target, file)) {
		content.destroy();
		return;
	}
	await mkdir(dirname(target), { recursive: true });
	const partial = `${target}.${process.pid}.partial`;
	const hash = createHash("sha256");
	try {
		await pipeline(
			content,
			async function* (pieces: AsyncIterable<Buffer>) {
				for await (const piece of pieces) {
					hash.update(piece);
					yield piece;
				}
			},
			createWriteStream(partial),
		);
		const sha256 = hash.digest("hex");
		if (sha256 !== file.sha256) throw new AppError("BAD_DATA", `${file.path} has other content than its list says.`);
		await rename(partial, target);
	} finally {
		await rm(partial, { force: true });
	}
}

/** Whether a file is there with the content that is listed. */
export async function isThere(path: string, { sizeBytes, sha256 }: StoredFile): Promise<boolean> {
	const info = await stat(path).catch(() => null);
	return info?.isFile() === true && info.size === sizeBytes && (await sha256OfFile(path)) === sha256;
}
