import { type FileHandle, open } from "node:fs/promises";
import { type StageEvent, stageEvent } from "@atelier/core";

const CHUNK_BYTES = 256 * 1024;

/** Reads a growing `events.ndjson` from where it left off; a line that is not yet ended waits for its rest. */
export class EventFile {
	private offset = 0;
	private rest = Buffer.alloc(0);

	constructor(private readonly path: string) {}

	/** Events written since the last call, at most a chunk of them; empty when there is nothing new. */
	async read(): Promise<StageEvent[]> {
		const file = await open(this.path, "r").catch(() => null);
		if (file === null) return [];
		try {
			return this.parse(await this.nextBytes(file));
		} finally {
			await file.close();
		}
	}

	private async nextBytes(file: FileHandle): Promise<Buffer> {
		const buffer = Buffer.alloc(CHUNK_BYTES);
		const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, this.offset);
		this.offset += bytesRead;
		return buffer.subarray(0, bytesRead);
	}

	private parse(bytes: Buffer): StageEvent[] {
		const text = Buffer.concat([this.rest, bytes]);
		const end = text.lastIndexOf("\n") + 1;
		this.rest = text.subarray(end);
		return text
			.subarray(0, end)
			.toString("utf8")
			.split("\n")
			.flatMap((line) => {
				const event = parseLine(line);
				return event === null ? [] : [event];
			});
	}
}

/** A line that is no event is left out: a stage must not fail for what it says about itself. */
function parseLine(line: string): StageEvent | null {
	if (line === "") return null;
	try {
		const parsed = stageEvent.safeParse(JSON.parse(line));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
}
