import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { AppError, messageOf } from "@atelier/core";
import { FileHashes, fileFacts } from "@atelier/store";

/** As in packages/trainer/atelier_trainer/llm/base/identity.py, which makes sure before the stage reads the folder. */
const SUFFIXES = new Set([".safetensors", ".gguf", ".json", ".model", ".txt", ".jinja"]);

/** Gigabytes of weights are read once in a process; afterwards the file system says whether they have changed. */
const hashes = new FileHashes();

/**
 * What a model folder is, whatever it is called: `sha256:` over names and checksums of the files that can matter.
 *
 * @throws AppError BAD_REQUEST for a folder that cannot be read, or that holds nothing of a model
 */
export async function folderIdentity(folder: string, signal?: AbortSignal): Promise<string> {
	const names = await readdir(folder).catch((error: unknown) => {
		throw new AppError("BAD_REQUEST", `The model folder ${folder} cannot be read: ${messageOf(error)}`);
	});
	const lines: string[] = [];
	for (const name of names.filter((one) => SUFFIXES.has(extname(one)) && !one.startsWith(".")).sort(byBytes)) {
		const path = join(folder, name);
		const facts = await fileFacts(path, { followsLinks: true });
		if (typeof facts === "string") continue;
		const hash = await hashes.of(path, facts, { signal, followsLinks: true });
		if (hash === null) throw new AppError("CONFLICT", `${path} is being changed: launch again when it is whole.`);
		lines.push(`${hash.sha256} ${name}\n`);
	}
	if (lines.length === 0) throw new AppError("BAD_REQUEST", `${folder} is no model folder: it holds no model's files.`);
	return `sha256:${createHash("sha256").update(lines.join("")).digest("hex").slice(0, 32)}`;
}

function byBytes(a: string, b: string): number {
	return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
