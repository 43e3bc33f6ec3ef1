import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError, messageOf, type Receipt, receipt, type StoredFile } from "@atelier/core";
import type { Store } from "@atelier/store";
import type { HeldAttempt } from "./attempt";

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

/**
 * Reads what an attempt left behind in full, before it counts.
 *
 * @returns the list of its files for the record
 * @throws AppError BAD_DATA when an output is missing or not what the receipt says, or the receipt is another's
 */
export async function verifyOutputs(
	store: Store,
	{ folder, path, stageKey, id }: Pick<HeldAttempt, "folder" | "path" | "stageKey" | "id">,
	found: Receipt,
): Promise<StoredFile[]> {
	if (found.key !== stageKey || found.attempt !== id) {
		throw new AppError("BAD_DATA", `The receipt in ${folder} belongs to attempt ${found.attempt} of ${found.key}.`);
	}
	const files = await store.filesOf(path);
	const { damage } = files === null ? { damage: "it is being changed" } : await store.check(path, files);
	if (files === null || damage !== null) {
		throw new AppError("BAD_DATA", `What is in ${folder} is not what its receipt was written for: ${damage}.`);
	}
	return files;
}
