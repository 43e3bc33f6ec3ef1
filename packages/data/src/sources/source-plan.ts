import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "@atelier/core";
import type { ImportContext, StagedFacts } from "../import/import-context";
import type { SourceFile } from "../import/source-file";

/** Files of a folder that an import looks through. */
const MAX_FILES = 10_000;

/** What a format found to read. */
export interface SourcePlan {
	files: SourceFile[];
	/** Whatever besides the files' bytes decides the result (a mapping); part of the content hash. */
	fingerprint: string;
	/** Fills the staging tables. */
	load(context: ImportContext): Promise<StagedFacts>;
}

/**
 * Names in a folder, sorted.
 * @throws AppError BAD_REQUEST when it is no folder.
 */
export async function namesInFolder(path: string): Promise<string[]> {
	if (!existsSync(path)) throw new AppError("BAD_REQUEST", `There is nothing at ${path}.`);
	const info = await stat(path);
	if (!info.isDirectory()) throw new AppError("BAD_REQUEST", `${path} is a file; this format reads a folder.`);
	const names = await readdir(path);
	if (names.length > MAX_FILES) {
		throw new AppError(
			"BAD_REQUEST",
			`${path} holds ${names.length} files; at most ${MAX_FILES} are looked through. Give the log a folder of its own.`,
		);
	}
	return names.sort();
}

/** The one name that `matches`; null when there is none. */
export function onlyName(
	folder: string,
	names: readonly string[],
	what: string,
	matches: (name: string) => boolean,
): string | null {
	const found = names.filter(matches);
	if (found.length > 1) {
		throw new AppError("BAD_REQUEST", `${folder} holds more than one ${what} file: ${found.join(", ")}. Leave one.`);
	}
	const [name] = found;
	return name === undefined ? null : join(folder, name);
}

export function noFile(folder: string, what: string, names: readonly string[]): AppError {
	const held =
		names.length === 0
			? "nothing"
			: names
					.slice(0, 20)
					.map((name) => basename(name))
					.join(", ");
	return new AppError("BAD_REQUEST", `${folder} has no ${what}. It holds: ${held}.`);
}
