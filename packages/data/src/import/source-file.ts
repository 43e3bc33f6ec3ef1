import { createHash } from "node:crypto";
import { constants, type ReadStream, type Stats } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import { createGunzip } from "node:zlib";
import { AppError } from "@atelier/core";

/** What a file holds, by its name without `.gz`. */
export type FileKind = "csv" | "tsv" | "jsonl" | "parquet" | "lines";

export interface SourceFile {
	/** Real path: no link stands in it, so what was inspected is what is read later. */
	path: string;
	/** Device and number on it; a file that was put in its place since is refused. */
	identity: string;
	/** Shown in messages, the manifest and the quarantine. */
	name: string;
	kind: FileKind;
	gzip: boolean;
	/** Where the first bytes tell that the text is not UTF-8. */
	encoding: string | undefined;
	sizeBytes: number;
}

export interface HashedFile {
	name: string;
	sizeBytes: number;
	sha256: string;
}

/**
 * Refuses a link in the place of the last name, and does not wait for whoever writes into a pipe that was put there;
 * Windows knows no such flags.
 */
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const KIND_OF_EXTENSION: Record<string, FileKind> = {
	csv: "csv",
	tsv: "tsv",
	jsonl: "jsonl",
	ndjson: "jsonl",
	parquet: "parquet",
};

/** Encodings whose byte order mark stands at the beginning, by {@link contentOf}. */
const WIDE: Record<string, string> = { "UTF-16 text": "utf-16le", "UTF-16 text, big-endian": "utf-16be" };

/** Kind by extension: `x.csv.gz` is `csv`; null for an extension that says nothing. */
export function kindOfName(name: string): FileKind | null {
	const extension = name.toLowerCase().replace(/\.gz$/, "").split(".").at(-1) ?? "";
	return KIND_OF_EXTENSION[extension] ?? null;
}

/**
 * Looks at a file's first bytes, so that a file which is not what its name says is refused before it is read.
 * @throws AppError BAD_REQUEST when it cannot be opened, BAD_DATA when its content is of another kind.
 */
export async function inspectFile(path: string, kind: FileKind): Promise<SourceFile> {
	const info = await fileInfo(path);
	const name = basename(path);
	const gzip = /\.gz$/i.test(name);
	const real = await realpath(path);
	const { identity, head } = await firstBytes(real);
	const found = contentOf(head);
	const wanted = gzip ? "gzip" : kind === "parquet" ? "parquet" : "text";
	if (found === "empty") throw new AppError("BAD_DATA", `${name} is empty.`);
	const encoding = wanted === "text" ? WIDE[found] : undefined;
	if (found !== wanted && encoding === undefined) {
		const advice = found === "gzip" && wanted === "text" ? ` Rename it to ${name}.gz if that is meant.` : "";
		throw new AppError(
			"BAD_DATA",
			`${name} is not what its name says: it should be ${wanted}, its content is ${found}.${advice}`,
		);
	}
	return { path: real, identity, name, kind, gzip, encoding, sizeBytes: info.size };
}

/**
 * What the file system says of a file, before it is opened: opening a pipe waits for its writer, and a device has no end.
 * @throws AppError BAD_REQUEST where nothing can be read, or something else than a file lies there
 */
export async function fileInfo(path: string): Promise<Stats> {
	const info = await stat(path).catch((error: unknown) => {
		throw new AppError("BAD_REQUEST", `${path} cannot be read: ${String(error)}`, { cause: error });
	});
	if (!info.isFile()) throw new AppError("BAD_REQUEST", `${path} is ${kindOfEntry(info)}, not a file.`);
	return info;
}

function kindOfEntry(info: Stats): string {
	if (info.isDirectory()) return "a folder";
	if (info.isFIFO()) return "a pipe";
	if (info.isSocket()) return "a socket";
	return "a device";
}

/** SHA-256 over the file's bytes as they lie on disk. */
export async function hashFile(
	file: SourceFile,
	onBytes: (count: number) => void,
	signal: AbortSignal | undefined,
): Promise<HashedFile> {
	const hash = createHash("sha256");
	for await (const chunk of await openSource(file, { highWaterMark: 1 << 20, signal })) {
		hash.update(chunk);
		onBytes(chunk.length);
	}
	return { name: file.name, sizeBytes: file.sizeBytes, sha256: hash.digest("hex") };
}

/**
 * The file's bytes, unpacked. `onBytes` counts bytes on disk.
 * @throws AppError BAD_DATA when the gzip stream is damaged or ends too early.
 */
export async function* unpackedChunks(
	file: SourceFile,
	onBytes: (count: number) => void,
	signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
	const raw = await openSource(file, { highWaterMark: 1 << 18, signal });
	raw.on("data", (chunk) => onBytes(chunk.length));
	if (!file.gzip) {
		yield* raw;
		return;
	}
	const unpacked = createGunzip({ chunkSize: 1 << 18 });
	raw.on("error", (error) => unpacked.destroy(error));
	let done = 0;
	try {
		for await (const chunk of raw.pipe(unpacked)) {
			done += chunk.length;
			yield chunk;
		}
	} catch (error) {
		if (!(error instanceof Error) || !("code" in error) || !String(error.code).startsWith("Z_")) throw error;
		const reason = error.code === "Z_BUF_ERROR" ? "it ends too early" : error.message;
		throw new AppError(
			"BAD_DATA",
			`${file.name} is a damaged gzip file: ${reason}, after ${done} unpacked bytes. Copy it again.`,
			{
				cause: error,
			},
		);
	} finally {
		raw.destroy();
		unpacked.destroy();
	}
}

async function firstBytes(path: string): Promise<{ identity: string; head: Buffer }> {
	const handle = await open(path, READ);
	try {
		const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
		return { identity: identityOf(await handle.stat()), head: buffer.subarray(0, bytesRead) };
	} finally {
		await handle.close();
	}
}

const identityOf = ({ dev, ino }: { dev: number; ino: number }) => `${dev}:${ino}`;

/** @throws AppError CONFLICT when another file lies there now, or a link */
async function openSource(
	file: SourceFile,
	options: { highWaterMark: number; signal: AbortSignal | undefined },
): Promise<ReadStream> {
	const handle = await open(file.path, READ);
	if (identityOf(await handle.stat()) !== file.identity) {
		await handle.close();
		throw new AppError("CONFLICT", `${file.name} was replaced while it was being imported. Import it again.`);
	}
	return handle.createReadStream(options);
}

/** Names what a file is by its first bytes. */
export function contentOf(head: Buffer): string {
	if (head.length === 0) return "empty";
	if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
	const magic = head.subarray(0, 4).toString("latin1");
	if (magic === "PAR1") return "parquet";
	if (magic.startsWith("PK")) return "zip (or an Excel workbook)";
	if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
		return head[0] === 0xff ? "UTF-16 text" : "UTF-16 text, big-endian";
	if (head.includes(0)) return "binary";
	return "text";
}
