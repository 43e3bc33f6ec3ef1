import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError, type UploadRole } from "@atelier/core";

export interface LocalFile {
	role: UploadRole;
	/** Real path on this machine. */
	path: string;
	/** By which formats find it. */
	name: string;
	sizeBytes: number;
	modifiedMs: number;
}

/** What stands beside a file that is imported and belongs to it, by format: endings in the place of the file's own. */
const COMPANIONS: Record<string, { role: UploadRole; endings: string[] }> = {
	recbole: { role: "data", endings: [".item", ".item.gz"] },
	sequences: { role: "items", endings: ["_items.csv", "_items.csv.gz"] },
};

/**
 * The files that an import reads, on this machine: the file or what lies in the folder, a file's companion, the mapping
 * and the item file.
 *
 * @throws AppError BAD_REQUEST for what is not there or no file
 */
export async function filesToImport(
	path: string,
	{ format, mapping, items }: { format: string; mapping?: string | undefined; items?: string | undefined },
): Promise<LocalFile[]> {
	const files = (await infoOf(path)).isDirectory() ? await filesIn(path) : [await local("data", path)];
	const companion = COMPANIONS[format];
	if (companion !== undefined && items === undefined && files.length === 1 && files[0] !== undefined) {
		const stem = basename(path).replace(/(\.[^.]+)?(\.gz)?$/i, "");
		const names = new Set(await readdir(dirname(path)));
		const found = companion.endings.map((ending) => stem + ending).find((name) => names.has(name));
		if (found !== undefined && found !== files[0].name)
			files.push(await local(companion.role, join(dirname(path), found)));
	}
	if (mapping !== undefined) files.push(await local("mapping", mapping));
	if (items !== undefined) files.push(await local("items", items));
	return files;
}

/** What lies in a folder itself; no format looks deeper. */
async function filesIn(folder: string): Promise<LocalFile[]> {
	const files: LocalFile[] = [];
	for (const name of (await readdir(folder)).sort()) {
		if (name.startsWith(".")) continue;
		const info = await stat(join(folder, name)).catch(() => null);
		if (info?.isFile()) files.push(await local("data", join(folder, name)));
	}
	if (files.length === 0) throw new AppError("BAD_REQUEST", `There are no files in ${folder}.`);
	return files;
}

async function local(role: UploadRole, path: string): Promise<LocalFile> {
	const info = await infoOf(path);
	if (!info.isFile()) throw new AppError("BAD_REQUEST", `${path} is not a file.`);
	return { role, path: await realpath(path), name: basename(path), sizeBytes: info.size, modifiedMs: info.mtimeMs };
}

const infoOf = (path: string) =>
	stat(path).catch((error: unknown) => {
		throw new AppError("BAD_REQUEST", `There is no readable file or folder at ${path}.`, { cause: error });
	});
