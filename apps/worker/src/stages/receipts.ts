import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { AppError, messageOf, type Receipt, receipt, type StoredFile } from "@atelier/core";
import type { Store } from "@atelier/store";
import type { HeldAttempt } from "./attempt";

const FILE = "receipt.json";

/**
 * The receipt of an attempt, of its folder or, where a host has published it, of the store; null while there is none.
 *
 * @throws AppError BAD_DATA for one that is not what it should be
 */
export async function readReceipt(
	store: Store,
	{ folder, path }: Pick<HeldAttempt, "folder" | "path">,
): Promise<Receipt | null> {
	const here = await readFile(join(folder, FILE), "utf8").catch(() => null);
	const content = here ?? (await publishedReceipt(store, path));
	if (content === null) return null;
	try {
		return receipt.parse(JSON.parse(content));
	} catch (error) {
		throw new AppError("BAD_DATA", `The receipt of ${path} in ${store.place} cannot be read: ${messageOf(error)}`);
	}
}

/** Whether the attempt has ended with a receipt, whatever that says. */
export async function hasReceipt(store: Store, path: string): Promise<boolean> {
	return existsSync(join(store.draft(path), FILE)) || store.has(path);
}

/**
 * Reads what an attempt left behind in full, before it counts. What a host has published was compared as it arrived, and
 * is compared again by whoever fetches it.
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
		throw new AppError("BAD_DATA", `The receipt in ${path} belongs to attempt ${found.attempt} of ${found.key}.`);
	}
	const checker = isMadeHere(folder, found) ? store.drafts : store;
	const files = await checker.filesOf(path);
	const { damage } = files === null ? { damage: "it is being changed" } : await checker.check(path, files);
	if (files === null || damage !== null) {
		throw new AppError("BAD_DATA", `What is in ${folder} is not what its receipt was written for: ${damage}.`);
	}
	return files;
}

/** Brings what was made here to where every machine finds it; what a host has published is there already. */
export async function publishOutputs(
	store: Store,
	{ folder, path }: Pick<HeldAttempt, "folder" | "path">,
	found: Receipt,
	files: readonly StoredFile[],
): Promise<void> {
	if (isMadeHere(folder, found)) await store.publish(path, folder, files);
}

/** Of what a host has published only some files are brought here. With the folder store all are, since it is the place. */
function isMadeHere(folder: string, { outputs }: Receipt): boolean {
	return outputs.every(({ path }) => existsSync(join(folder, path)));
}

async function publishedReceipt(store: Store, path: string): Promise<string | null> {
	try {
		return await text(await store.file(path, FILE));
	} catch (error) {
		if (error instanceof AppError && error.code === "NOT_FOUND") return null;
		throw error;
	}
}
