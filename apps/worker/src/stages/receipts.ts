import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError, messageOf, type Receipt, receipt } from "@atelier/core";
import { sha256OfFile } from "@atelier/data";

/** Outputs up to this size are hashed again; of larger ones (weights that the trainer just hashed) the size must do. */
const REHASH_UP_TO_BYTES = 64 * 1024 * 1024;

/** The receipt of an attempt; null while there is none. @throws AppError BAD_DATA for one that is not what it should be */
export async function readReceipt(folder: string): Promise<Receipt | null> {
	const text = await readFile(join(folder, "receipt.json"), "utf8").catch(() => null);
	if (text === null) return null;
	try {
		return receipt.parse(JSON.parse(text));
	} catch (error) {
		throw new AppError("BAD_DATA", `The receipt in ${folder} cannot be read: ${messageOf(error)}`);
	}
}

/** @throws AppError BAD_DATA when an output is missing or not what the receipt says, or the receipt is another's */
export async function verifyReceipt(
	folder: string,
	found: Receipt,
	stageKey: string,
	attemptId: string,
): Promise<void> {
	if (found.key !== stageKey || found.attempt !== attemptId) {
		throw new AppError("BAD_DATA", `The receipt in ${folder} belongs to attempt ${found.attempt} of ${found.key}.`);
	}
	for (const output of found.outputs) {
		const path = join(folder, output.path);
		const info = await stat(path).catch(() => null);
		if (info === null) throw new AppError("BAD_DATA", `${output.path} is in the receipt but not in ${folder}.`);
		const isWhole = info.size === output.sizeBytes;
		if (!isWhole || (info.size <= REHASH_UP_TO_BYTES && (await sha256OfFile(path)) !== output.sha256)) {
			throw new AppError("BAD_DATA", `${output.path} in ${folder} is not the file that the receipt was written for.`);
		}
	}
}
