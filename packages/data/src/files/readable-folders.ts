import { realpathSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { delimiter, isAbsolute, join, relative, resolve, sep } from "node:path";
import { AppError } from "@atelier/core";

/** Where files may be read that people name in a request. Plain data, so that it can be handed to a thread. */
export interface ReadableFolders {
	/** Folders below which everything may be read. */
	open: string[];
	/** Folders below which nothing may be read, unless one of `open` lies deeper: the record, the store, secrets. */
	closed: string[];
}

/** Looks like files, is the kernel: environment variables and memory of processes. */
const KERNEL = ["/proc", "/sys", "/dev"];
/** Below ATELIER_HOME: what people hand over, each upload in a folder of its own. */
export const UPLOADS = "uploads";

/**
 * The folders of one console: those of `named` and the uploads, never anything else of `home`.
 *
 * @param named a list as in PATH (`/data/logs:/models`), from ATELIER_FILES
 */
export function readableFolders({ named, home }: { named: string; home: string }): ReadableFolders {
	const chosen = named
		.split(delimiter)
		.map((folder) => folder.trim())
		.filter((folder) => folder !== "")
		.map((folder) => resolve(folder));
	return { open: [...chosen, join(home, UPLOADS)], closed: [home] };
}

/**
 * The real path of something that a request names: links are followed and `..` is resolved before anything is opened.
 *
 * @throws AppError BAD_REQUEST when it lies outside (whether or not it exists: nobody learns what is there), or is
 * inside and not there.
 */
export async function readablePath(readable: ReadableFolders, path: string): Promise<string> {
	if (path.includes("\0")) throw new AppError("BAD_REQUEST", "A path holds no zero bytes.");
	if (!isAbsolute(path)) throw new AppError("BAD_REQUEST", `${shown(path)} is not an absolute path.`);
	const lexical = resolve(path);
	if (!isInside(readable, lexical)) throw outside(readable, path);
	const real = await realpath(lexical).catch((error: unknown) => {
		throw new AppError("BAD_REQUEST", `There is no readable file or folder at ${shown(path)}.`, { cause: error });
	});
	if (!isInside(readable, real)) throw outside(readable, path);
	return real;
}

/**
 * Refuses a folder in which a link leads out of what may be read, before anything in it is opened.
 *
 * @param depth how many levels below the folder are read; 1 is its own entries
 * @throws AppError BAD_REQUEST naming the link
 */
export async function refuseLinksOut(readable: ReadableFolders, folder: string, depth = 1): Promise<void> {
	for (const entry of await readdir(folder, { withFileTypes: true })) {
		const path = join(folder, entry.name);
		if (entry.isDirectory() && depth > 1) await refuseLinksOut(readable, path, depth - 1);
		if (!entry.isSymbolicLink()) continue;
		// A link to nowhere cannot be read by anyone.
		const real = await realpath(path).catch(() => null);
		if (real !== null && !isInside(readable, real)) throw outside(readable, path);
	}
}

/** The nearest of the folders that hold a path decides. */
function isInside({ open, closed }: ReadableFolders, path: string): boolean {
	if (KERNEL.some((folder) => holds(folder, path))) return false;
	const nearest = (folders: readonly string[]) =>
		Math.max(-1, ...folders.flatMap(spellings).map((folder) => (holds(folder, path) ? folder.length : -1)));
	return nearest(open) > nearest(closed);
}

/** A folder as it was named and as it really lies: a home under a link is the same home. */
function spellings(folder: string): string[] {
	const lexical = resolve(folder);
	try {
		const real = realpathSync.native(lexical);
		return real === lexical ? [lexical] : [lexical, real];
	} catch {
		return [lexical];
	}
}

function holds(folder: string, path: string): boolean {
	const steps = relative(folder, path);
	return steps !== ".." && !steps.startsWith(`..${sep}`) && !isAbsolute(steps);
}

function outside({ open }: ReadableFolders, path: string): AppError {
	return new AppError(
		"BAD_REQUEST",
		`${shown(path)} is not below a folder that Atelier may read (${open.join(", ")}). ` +
			"Upload the file, or let whoever runs Atelier name its folder in ATELIER_FILES.",
	);
}

const shown = (path: string) => (path.length > 200 ? `${path.slice(0, 200)}…` : path);
