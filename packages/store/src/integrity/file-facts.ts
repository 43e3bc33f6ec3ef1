import { lstat, stat } from "node:fs/promises";

/**
 * What the file system says of a file without reading it. `ctime` cannot be set back by whoever replaces a file under
 * its old size and time; only a disk that changes bits by itself goes unseen until the file is read again.
 */
export interface FileFacts {
	sizeBytes: number;
	/** Equal for as long as nothing was done to the file. */
	stamp: string;
	/** When the file system last noted a change, in milliseconds. */
	changedMs: number;
}

/** Facts of a regular file; in words what is there instead. A hub's cache is made of links, the store has none. */
export async function fileFacts(
	path: string,
	{ followsLinks = false }: { followsLinks?: boolean | undefined } = {},
): Promise<FileFacts | "gone" | "a link" | "no regular file"> {
	try {
		const info = await (followsLinks ? stat : lstat)(path, { bigint: true });
		if (info.isSymbolicLink()) return "a link";
		if (!info.isFile()) return "no regular file";
		return {
			sizeBytes: Number(info.size),
			stamp: [info.dev, info.ino, info.size, info.mtimeNs, info.ctimeNs].join(":"),
			changedMs: Number(info.ctimeNs / 1_000_000n),
		};
	} catch (error) {
		if (isAbsence(error)) return "gone";
		throw error;
	}
}

/** Whether an error of the file system says that there is nothing; any other says that it cannot be told. */
export function isAbsence(error: unknown): boolean {
	return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
