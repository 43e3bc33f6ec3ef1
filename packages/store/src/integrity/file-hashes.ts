import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { CheckOptions } from "./artifact-checker";
import { type FileFacts, fileFacts } from "./file-facts";

/** A file that was changed so lately may change again within the same tick of the file system's clock. */
const SETTLED_AFTER_MS = 2_000;
/** Reads are the disk's; one piece costs the event loop about a millisecond, and others have their turn in between. */
const PIECE_BYTES = 1 << 20;

export interface HashOptions extends CheckOptions {
	/** Whether a link stands for what it leads to. */
	followsLinks?: boolean | undefined;
}

/**
 * Checksums of files, each read at its first use in this process and from then on known by what the file system says.
 * What is known lives in the process alone: of two workers each reads for itself, and a restart reads anew.
 */
export class FileHashes {
	private readonly known = new Map<string, { stamp: string; sha256: string }>();

	/** @returns null where the file changed while it was read */
	async of(path: string, facts: FileFacts, options: HashOptions): Promise<{ sha256: string; wasRead: boolean } | null> {
		const known = this.known.get(path);
		if (known?.stamp === facts.stamp && !options.isFull) return { sha256: known.sha256, wasRead: false };
		const readAt = Date.now();
		const sha256 = await sha256InPieces(path, options);
		const after = await fileFacts(path, options);
		if (typeof after === "string" || after.stamp !== facts.stamp) return null;
		if (readAt - facts.changedMs >= SETTLED_AFTER_MS) this.known.set(path, { stamp: facts.stamp, sha256 });
		else this.known.delete(path);
		return { sha256, wasRead: true };
	}
}

async function sha256InPieces(path: string, { signal, onBytes }: HashOptions): Promise<string> {
	const hash = createHash("sha256");
	for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES, signal })) {
		hash.update(piece);
		onBytes?.(piece.length);
		await nextTurn();
	}
	return hash.digest("hex");
}
