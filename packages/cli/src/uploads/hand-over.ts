import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { AppError } from "@atelier/core";
import type { Client } from "../client";
import { filesToImport } from "./files-to-import";
import { uploadFiles } from "./upload-files";

export interface HandedOver {
	path?: string;
	upload?: string;
	mapping?: string | undefined;
	itemsPath?: string | undefined;
}

/**
 * Lets the console read what this person can read: by its path, where the console may read there itself (nothing is
 * copied then), else by an upload.
 *
 * @throws AppError BAD_REQUEST for what is not there
 */
export async function handOver(
	client: Client,
	given: { path: string; format: string; mapping?: string | undefined; items?: string | undefined },
): Promise<HandedOver> {
	// Shipped mappings are names; a file has at least an ending.
	const isFile = given.mapping !== undefined && /[./\\]/.test(given.mapping);
	const mapping = isFile ? given.mapping : undefined;
	const isMisplaced =
		(given.items !== undefined && given.format !== "sequences") ||
		(given.mapping !== undefined && given.format !== "mapping");
	// The console says what is wrong with that; nothing need be sent before.
	if (isMisplaced)
		return { path: resolve(given.path), mapping: given.mapping, itemsPath: given.items && resolve(given.items) };
	const files = await filesToImport(given.path, { format: given.format, mapping, items: given.items });
	const path = await unlinked(given.path);
	const mappingPath = mapping === undefined ? undefined : await unlinked(mapping);
	const itemsPath = given.items === undefined ? undefined : await unlinked(given.items);
	const named = [path, mappingPath, itemsPath].filter((one) => one !== undefined);
	const readable = await Promise.all(named.map((one) => isReadableThere(client, one)));
	if (readable.every(Boolean)) return { path, mapping: mappingPath ?? given.mapping, itemsPath };
	return { upload: await uploadFiles(client, files), mapping: isFile ? undefined : given.mapping };
}

/**
 * The same for one file of ranks.
 *
 * @throws AppError BAD_REQUEST for what is not there
 */
export async function handOverFile(client: Client, given: string): Promise<{ path?: string; upload?: string }> {
	const files = await filesToImport(given, { format: "ranks" });
	const [file, other] = files;
	if (file === undefined || other !== undefined)
		throw new AppError("BAD_REQUEST", `${given} is a folder: name one file.`);
	const path = await unlinked(given);
	if (await isReadableThere(client, path)) return { path };
	return { upload: await uploadFiles(client, files) };
}

async function isReadableThere(client: Client, path: string): Promise<boolean> {
	const { mtimeMs } = await stat(path);
	return client.uploads.isReadable.query({ path, modifiedMs: mtimeMs });
}

/** Without links on the way, and with the name that it was given: formats go by names. */
async function unlinked(path: string): Promise<string> {
	const absolute = resolve(path);
	return join(await realpath(dirname(absolute)), basename(absolute));
}
