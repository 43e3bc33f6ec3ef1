import { stat } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { ARTIFACT_HASH_HEADER, ARTIFACT_PIECE_BYTES, receipt } from "@atelier/core";
import { isOutputName, isWrittenOnce } from "../output-names";
import { Refused } from "./answer";
import type { RunningAttempt } from "./attempt-folder";
import { IncomingFile, type Piece } from "./incoming-file";

/** Of one file; a checkpoint of a 7B model in 16 bits has 14·10⁹ bytes. */
const MOST_FILE_BYTES = 64e9;
const RECEIPT = "receipt.json";

/** @throws Refused for a request that is no piece of a file that an attempt may write */
export async function readPiece(request: IncomingMessage, name: string): Promise<Piece> {
	if (!isOutputName(name)) throw new Refused(400, `A stage writes no file of the name ${JSON.stringify(name)}.`);
	const sha256 = request.headers[ARTIFACT_HASH_HEADER];
	if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) {
		throw new Refused(400, `${ARTIFACT_HASH_HEADER} must hold the file's sha256.`);
	}
	const range = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15})$/.exec(request.headers["content-range"] ?? "");
	const length = Number(request.headers["content-length"]);
	const totalBytes = Number(range?.[3] ?? Number.NaN);
	const offset = range?.[1] === undefined ? totalBytes : Number(range[1]);
	const end = range?.[2] === undefined ? totalBytes : Number(range[2]) + 1;
	if (range === null || end - offset !== length || end > totalBytes) {
		throw new Refused(400, "Content-Range must say which part of the file this is.");
	}
	if (totalBytes > MOST_FILE_BYTES) throw new Refused(413, `A file holds at most ${MOST_FILE_BYTES} bytes.`);
	return { name, offset, totalBytes, sha256, bytes: await bodyOf(request, length) };
}

/**
 * Adds a piece to a file of a running attempt. Any piece may come again, and any file: what is there stays as it is, or is
 * replaced, until the receipt is there.
 *
 * @param isRunning asked again right before the file counts
 * @returns whether the file is whole
 */
export async function takePiece(
	attempt: RunningAttempt,
	piece: Piece,
	isRunning: () => Promise<unknown>,
): Promise<boolean> {
	const file = new IncomingFile(attempt.folder, piece);
	if (await file.existsWithAnyContent()) {
		if (await file.isThere()) return true;
		if (isWrittenOnce(piece.name)) throw new Refused(409, "It is there already, with other content.");
	}
	if ((await sizeOf(join(attempt.folder, RECEIPT))) !== null) {
		throw new Refused(409, "The attempt's receipt is there: nothing is written after it.");
	}
	if ((await file.add()) < piece.totalBytes) return false;
	await file.check();
	if (piece.name === RECEIPT) await checkReceipt(attempt, await file.text());
	await isRunning();
	await file.finish();
	return true;
}

/** @throws Refused 400 for a receipt that is another's, or comes before what it names */
async function checkReceipt(attempt: RunningAttempt, text: string): Promise<void> {
	const parsed = receipt.safeParse(jsonOf(text));
	if (!parsed.success) throw new Refused(400, "This is no receipt.");
	const { key, attempt: id, outputs } = parsed.data;
	if (key !== attempt.stageKey || id !== attempt.id) throw new Refused(400, "This receipt belongs to another attempt.");
	for (const { path, sizeBytes } of outputs) {
		if (isOutputName(path) && (await sizeOf(join(attempt.folder, path))) === sizeBytes) continue;
		throw new Refused(400, `The receipt names ${JSON.stringify(path)}, which is not here as it says.`);
	}
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

async function sizeOf(path: string): Promise<number | null> {
	return stat(path).then(
		({ size }) => size,
		() => null,
	);
}

async function bodyOf(request: IncomingMessage, length: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let received = 0;
	for await (const chunk of request) {
		received += chunk.length;
		if (received > ARTIFACT_PIECE_BYTES) throw new Refused(413, `A piece holds at most ${ARTIFACT_PIECE_BYTES} bytes.`);
		chunks.push(chunk);
	}
	if (received !== length) throw new Refused(400, "The piece is not as long as it was said to be.");
	return Buffer.concat(chunks);
}
