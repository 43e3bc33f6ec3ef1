import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { datasetManifest, receipt, type StoredFile } from "@atelier/core";
import { filesIn } from "./artifact-files";
import { fileFacts } from "./file-facts";
import type { FileHashes, HashOptions } from "./file-hashes";

/** Documents of an artifact that its own list cannot hold, or that are no outputs. */
export const DOCUMENTS = ["receipt.json", "spec.json", "manifest.json"];

/**
 * The list of an artifact's files for the record: what its receipt or manifest says of the files, and those documents as
 * they are. A dataset of an older version, whose manifest lists nothing, is taken as it is found.
 *
 * @returns null where there is no folder, or no receipt or manifest that can be read
 */
export async function artifactList(
	folder: string,
	hashes: FileHashes,
	options: HashOptions,
): Promise<StoredFile[] | null> {
	const names = await filesIn(folder);
	const listed = names && (await listedFiles(folder));
	if (!names || listed === null) return null;
	const documents = names.filter((name) => DOCUMENTS.includes(name));
	const unlisted = listed.length > 0 || !names.includes("manifest.json") ? documents : names;
	const found: StoredFile[] = [];
	for (const path of unlisted) {
		const facts = await fileFacts(join(folder, path));
		if (typeof facts === "string") return null;
		const hash = await hashes.of(join(folder, path), facts, options);
		if (hash === null) return null;
		found.push({ path, sizeBytes: facts.sizeBytes, sha256: hash.sha256 });
	}
	return [...listed, ...found];
}

async function listedFiles(folder: string): Promise<StoredFile[] | null> {
	for (const name of ["receipt.json", "manifest.json"]) {
		const listed = listedIn(await readFile(join(folder, name), "utf8").catch(() => ""));
		if (listed !== null) return listed;
	}
	return null;
}

/** What a receipt or a manifest says of the files; null for a text that is neither. */
export function listedIn(text: string): StoredFile[] | null {
	const document = parseJson(text);
	const ofStage = receipt.safeParse(document);
	if (ofStage.success) return ofStage.data.outputs;
	const ofDataset = datasetManifest.safeParse(document);
	return ofDataset.success ? ofDataset.data.files : null;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
