import { AppError, messageOf } from "../errors";
import { PIECE_BYTES, piecesOf, type StartedUpload } from "./contract";

/** A file to hand over, wherever it lies: on this machine's disk or in a browser. */
export interface FileToSend {
	sizeBytes: number;
	read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface SendOptions {
	sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
	/** @throws AppError UNAVAILABLE where trying again may help */
	put(file: number, piece: number, bytes: Uint8Array<ArrayBuffer>, hash: string): Promise<void>;
	onProgress(sentBytes: number, totalBytes: number): void;
	signal?: AbortSignal | undefined;
}

const TRIES = 6;
const FIRST_PAUSE_MS = 500;

/**
 * Sends what is not there yet, piece by piece. A piece that is there is compared by its hash and not sent again, so an
 * upload that was interrupted goes on where it stopped, and a file that changed since is sent anew from where it differs.
 *
 * @throws AppError CANCELLED, or what the last of several tries said
 */
export async function sendFiles(
	started: StartedUpload,
	files: readonly FileToSend[],
	{ sha256, put, onProgress, signal }: SendOptions,
): Promise<void> {
	const total = files.reduce((sum, file) => sum + file.sizeBytes, 0);
	let sent = 0;
	onProgress(sent, total);
	for (const [index, file] of files.entries()) {
		const there = started.files[index]?.hashes ?? [];
		for (let piece = 0; piece < piecesOf(file.sizeBytes); piece++) {
			if (signal?.aborted) throw new AppError("CANCELLED", "The upload was stopped.");
			const length = Math.min(PIECE_BYTES, file.sizeBytes - piece * PIECE_BYTES);
			const bytes = await file.read(piece * PIECE_BYTES, length);
			if (bytes.length !== length) throw new AppError("BAD_DATA", "A file became shorter while it was being sent.");
			const hash = await sha256(bytes);
			if (there[piece] !== hash) await stubbornly(() => put(index, piece, bytes, hash), signal);
			sent += length;
			onProgress(sent, total);
		}
	}
}

/** Tries again, with longer and longer pauses, while the console cannot be reached. */
async function stubbornly(work: () => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		try {
			await work();
			return;
		} catch (error) {
			if (signal?.aborted) throw new AppError("CANCELLED", "The upload was stopped.", { cause: error });
			if (error instanceof AppError && error.code !== "UNAVAILABLE") throw error;
			if (attempt === TRIES) {
				const message = `The upload stopped: ${messageOf(error)} Start the import again, and it goes on from there.`;
				throw new AppError("UNAVAILABLE", message, { cause: error });
			}
			await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
		}
	}
}
