import type { UploadRole } from "@atelier/core";

/** A file that somebody chose or dropped. */
export interface ChosenFile {
	role: UploadRole;
	file: File;
}

/**
 * What each file is for, by its ending: a YAML file is the mapping, and beside a file of sequences a table is the item
 * file. What systems leave in folders (`.DS_Store`) is left out.
 */
export function withRoles(files: readonly File[], format: string): ChosenFile[] {
	const role = (name: string): UploadRole => {
		if (format === "mapping" && /\.ya?ml$/i.test(name)) return "mapping";
		return format === "sequences" && /\.(csv|tsv|jsonl|parquet)(\.gz)?$/i.test(name) ? "items" : "data";
	};
	return files.filter(({ name }) => !name.startsWith(".")).map((file) => ({ file, role: role(file.name) }));
}

/** More files, those of the same name in the place of what was there. */
export function joined(before: readonly File[], more: readonly File[]): File[] {
	const names = new Set(more.map(({ name }) => name));
	return [...before.filter(({ name }) => !names.has(name)), ...more];
}

/** Tells files of the same names and sizes apart, so that an interrupted upload is found again. */
export const fingerprintOf = (files: readonly ChosenFile[]) =>
	files.reduce((sum, { file }) => (Math.imul(sum, 31) + file.lastModified) | 0, files.length).toString(16);
