import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";

/** SHA-256 of a file of any size, in hexadecimal. */
export function sha256OfFile(path: string): Promise<string> {
	return hashOfStream(createReadStream(path));
}

/** SHA-256 of everything that a stream has to give, in hexadecimal. */
export async function hashOfStream(stream: Readable, onBytes?: (count: number) => void): Promise<string> {
	const hash = createHash("sha256");
	for await (const piece of stream) {
		hash.update(piece);
		onBytes?.(piece.length);
	}
	return hash.digest("hex");
}
