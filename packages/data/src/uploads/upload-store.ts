import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
	AppError,
	PIECE_BYTES,
	piecesOf,
	type StartedUpload,
	type UploadFile,
	uploadFile,
	uploadId,
} from "@atelier/core";
import { z } from "zod";
import { UPLOADS } from "../files";
import { safeNames } from "./file-names";
import { PieceHashes } from "./piece-hashes";

/** Left on the disk, whatever is uploaded: the record must go on. */
const DISK_RESERVE_BYTES = 1 << 30;
const KEPT_MS = 24 * 60 * 60 * 1000;
const MOST_FILES = 1_000;

const manifest = z.strictObject({ contract: z.literal(1), files: z.array(uploadFile).min(1) });

export interface Piece {
	id: string;
	/** Places in the upload's list of files, and in the file. */
	file: number;
	piece: number;
	/** SHA-256 in hex that its bytes must have. */
	hash: string;
}

/** Files that people hand over, each upload in a folder of its own below ATELIER_HOME until its import has succeeded. */
export class UploadStore {
	private readonly root: string;

	/** @param limitBytes what all files of one upload may hold together */
	constructor(
		home: string,
		private readonly limitBytes = Number.POSITIVE_INFINITY,
	) {
		this.root = join(home, UPLOADS);
	}

	/**
	 * Begins an upload, or finds what is there of an earlier try of the same person with the same files.
	 *
	 * @param fingerprint tells files of the same names and sizes apart (their times); the hash of every piece decides
	 * @throws AppError BAD_REQUEST for names or sizes that cannot be taken, UNAVAILABLE for a full disk
	 */
	async begin(given: readonly UploadFile[], fingerprint: string): Promise<StartedUpload> {
		if (given.length > MOST_FILES) throw new AppError("BAD_REQUEST", `An upload holds at most ${MOST_FILES} files.`);
		const files = safeNames(given);
		const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
		if (total > this.limitBytes) {
			throw new AppError(
				"BAD_REQUEST",
				`The files hold ${gigabytes(total)}; at most ${gigabytes(this.limitBytes)} may be uploaded (ATELIER_UPLOAD_GB). ` +
					"Larger ones are imported by their path, below a folder of ATELIER_FILES.",
			);
		}
		const id = createHash("sha256")
			.update(JSON.stringify([files, fingerprint]))
			.digest("hex")
			.slice(0, 32);
		const folder = this.folder(id);
		const hashes = await Promise.all(files.map((_, index) => this.hashes(id, index).all()));
		const there = hashes.flat().length * PIECE_BYTES;
		await this.refuseFullDisk(total - there);
		for (const role of new Set(files.map((file) => file.role)))
			await mkdir(join(folder, role), { recursive: true, mode: 0o700 });
		await mkdir(join(folder, "hashes"), { recursive: true, mode: 0o700 });
		// By a rename, so that a manifest is whole or not there.
		await writeFile(join(folder, "upload.json.new"), JSON.stringify({ contract: 1, files }), { mode: 0o600 });
		await rename(join(folder, "upload.json.new"), join(folder, "upload.json"));
		return { id, files: hashes.map((all) => ({ hashes: all })) };
	}

	/**
	 * Writes a piece as it comes in. It counts once its bytes have the hash that was promised and are on the disk.
	 *
	 * @throws AppError BAD_DATA for other bytes than promised, CONFLICT for a piece out of turn
	 */
	async receive({ id, file, piece, hash }: Piece, body: AsyncIterable<Uint8Array>): Promise<void> {
		const target = (await this.filesOf(id))[file];
		const hashes = this.hashes(id, file);
		if (target === undefined || piece < 0 || piece >= piecesOf(target.sizeBytes)) {
			throw new AppError("NOT_FOUND", "The upload has no such piece.");
		}
		if (piece > (await hashes.all()).length) throw new AppError("CONFLICT", "An earlier piece is not there yet.");
		const length = Math.min(PIECE_BYTES, target.sizeBytes - piece * PIECE_BYTES);
		const path = join(this.folder(id), target.role, target.name);
		const handle = await open(path, "r+").catch(() => open(path, "wx+", 0o600));
		try {
			const seen = createHash("sha256");
			let written = 0;
			for await (const chunk of body) {
				if (written + chunk.length > length) throw new AppError("BAD_DATA", `A piece has ${length} bytes; more came.`);
				seen.update(chunk);
				await handle.write(chunk, 0, chunk.length, piece * PIECE_BYTES + written);
				written += chunk.length;
			}
			if (written !== length || seen.digest("hex") !== hash) {
				throw new AppError("UNAVAILABLE", "A piece was damaged or cut off on its way.");
			}
			await handle.datasync();
		} catch (error) {
			throw isDiskFull(error)
				? new AppError("BAD_DATA", "The disk is full. Make room and start again.", { cause: error })
				: error;
		} finally {
			await handle.close();
		}
		await hashes.set(piece, hash);
	}

	/**
	 * The files of an upload that is all there.
	 *
	 * @throws AppError NOT_FOUND for one that is not there (any more), CONFLICT while pieces are missing
	 */
	async complete(id: string): Promise<{ role: UploadFile["role"]; name: string; path: string }[]> {
		const files = await this.filesOf(id);
		for (const [index, { sizeBytes, name, role }] of files.entries()) {
			const path = join(this.folder(id), role, name);
			if (sizeBytes === 0) await writeFile(path, "", { mode: 0o600 });
			const there = await this.hashes(id, index).all();
			if (there.length < piecesOf(sizeBytes) || (await stat(path)).size !== sizeBytes) {
				throw new AppError("CONFLICT", `${name} is not all there yet. Start the upload again, and it goes on.`);
			}
		}
		return files.map(({ role, name }) => ({ role, name, path: join(this.folder(id), role, name) }));
	}

	/** The folder that a role's files lie in. */
	folderOf(id: string, role: UploadFile["role"]): string {
		return join(this.folder(id), role);
	}

	async remove(id: string): Promise<void> {
		await rm(this.folder(id), { recursive: true, force: true });
	}

	/** Removes uploads of which nothing came for a day, but those that an import still needs. */
	async sweep(needed: ReadonlySet<string>, now = Date.now()): Promise<void> {
		for (const id of await readdir(this.root).catch(() => [])) {
			if (needed.has(id) || !uploadId.safeParse(id).success) continue;
			const times = await Promise.all(["upload.json", "hashes"].map((name) => timeOf(join(this.folder(id), name))));
			if (now - Math.max(...times) > KEPT_MS) await this.remove(id);
		}
	}

	private async filesOf(id: string): Promise<UploadFile[]> {
		const content = await readFile(join(this.folder(id), "upload.json"), "utf8").catch((error: unknown) => {
			throw new AppError(
				"NOT_FOUND",
				"The upload is not there any more: it is removed after its import, or after a day.",
				{
					cause: error,
				},
			);
		});
		return manifest.parse(JSON.parse(content)).files;
	}

	private folder(id: string): string {
		return join(this.root, uploadId.parse(id));
	}

	private hashes(id: string, file: number): PieceHashes {
		return new PieceHashes(join(this.folder(id), "hashes", String(file)));
	}

	private async refuseFullDisk(neededBytes: number): Promise<void> {
		await mkdir(this.root, { recursive: true, mode: 0o700 });
		const { bavail, bsize } = await statfs(this.root);
		const free = bavail * bsize;
		if (free - neededBytes >= DISK_RESERVE_BYTES) return;
		throw new AppError(
			"UNAVAILABLE",
			`The disk has ${gigabytes(free)} free; these files need ${gigabytes(neededBytes)}, and ${gigabytes(DISK_RESERVE_BYTES)} must stay free. Make room first.`,
		);
	}
}

const isDiskFull = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOSPC";
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
const timeOf = (path: string) =>
	stat(path).then(
		({ mtimeMs }) => mtimeMs,
		() => 0,
	);
