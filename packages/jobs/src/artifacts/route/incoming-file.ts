import { createHash } from "node:crypto";
import { appendFile, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { REMOTE_FOLDER } from "@atelier/core";
import { sha256OfFile } from "@atelier/store";
import { Refused } from "./answer";

/** One piece of a file, as a request brings it. */
export interface Piece {
	name: string;
	/** Of its first byte; the file's size for a piece that holds nothing. */
	offset: number;
	totalBytes: number;
	/** Of the whole file. */
	sha256: string;
	bytes: Buffer;
}

/** A file in an attempt's folder while it arrives: in pieces, in order, seen by nobody before it is whole and right. */
export class IncomingFile {
	private readonly partial: string;
	private readonly target: string;

	constructor(
		folder: string,
		private readonly piece: Piece,
	) {
		this.target = join(folder, piece.name);
		// By content: what one process left half-way is gone on with only by another that sends the same.
		const id = createHash("sha256").update(`${piece.name}\n${piece.totalBytes}\n${piece.sha256}`).digest("hex");
		this.partial = join(folder, REMOTE_FOLDER, "incoming", `${id}.part`);
	}

	/** Whether the very same file is there already. */
	async isThere(): Promise<boolean> {
		const { totalBytes, sha256 } = this.piece;
		if ((await sizeOf(this.target)) !== totalBytes) return false;
		return (await sha256OfFile(this.target)) === sha256;
	}

	async existsWithAnyContent(): Promise<boolean> {
		return (await sizeOf(this.target)) !== null;
	}

	/**
	 * @returns how much of the file is here now
	 * @throws Refused 416 that says how much is here, for a piece that does not follow on it
	 */
	async add(): Promise<number> {
		const { offset, bytes, totalBytes } = this.piece;
		await mkdir(dirname(this.partial), { recursive: true });
		if (offset === 0 && bytes.length > 0) await rm(this.partial, { force: true });
		const have = (await sizeOf(this.partial)) ?? 0;
		if (offset !== have) throw new Refused(416, "This piece does not follow on what is here.", { have });
		if (offset + bytes.length > totalBytes) throw new Refused(400, "This piece goes on past the end of its file.");
		await appendFile(this.partial, bytes);
		return have + bytes.length;
	}

	/** @throws Refused 422 for content that is not what its checksum says; nothing of it is kept */
	async check(): Promise<void> {
		if ((await sha256OfFile(this.partial)) === this.piece.sha256) return;
		await rm(this.partial, { force: true });
		throw new Refused(422, "The file arrived with another checksum than it was sent with.");
	}

	/** What it holds; for small documents that are looked at before they count. */
	async text(): Promise<string> {
		return readFile(this.partial, "utf8");
	}

	/** From here on it is there. It is on the disk before its name is, so that a crash leaves no empty file. */
	async finish(): Promise<void> {
		const file = await open(this.partial, "r+");
		await file.sync().finally(() => file.close());
		await mkdir(dirname(this.target), { recursive: true });
		await rename(this.partial, this.target);
	}
}

async function sizeOf(path: string): Promise<number | null> {
	return stat(path).then(
		({ size }) => size,
		() => null,
	);
}
