import { open, readFile } from "node:fs/promises";

const HEX = 64;
/** With the end of its line. */
const RECORD = HEX + 1;

/** Hashes of a file's pieces, a line each: what of it is there, and what it must be. */
export class PieceHashes {
	constructor(private readonly path: string) {}

	/** Up to the first that is missing; a line that was cut off by a crash is none. */
	async all(): Promise<string[]> {
		const text = await readFile(this.path, "latin1").catch(() => "");
		const hashes: string[] = [];
		for (let at = 0; at + RECORD <= text.length; at += RECORD) {
			const hash = text.slice(at, at + HEX);
			if (!/^[0-9a-f]{64}$/.test(hash)) break;
			hashes.push(hash);
		}
		return hashes;
	}

	async set(piece: number, hash: string): Promise<void> {
		const handle = await open(this.path, "r+").catch(() => open(this.path, "w+", 0o600));
		try {
			await handle.write(`${hash}\n`, piece * RECORD, "latin1");
		} finally {
			await handle.close();
		}
	}
}
