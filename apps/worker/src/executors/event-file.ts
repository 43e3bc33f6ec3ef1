import { open } from "node:fs/promises";
import { type StageEvent, stageEvent } from "@atelier/core";
import type { EventBatch } from "./executor";

const CHUNK_BYTES = 256 * 1024;

/** Reads a growing `events.ndjson` from an offset on; a line that is not yet ended is left for the next time. */
export async function readEvents(path: string, offset: number): Promise<EventBatch> {
	const file = await open(path, "r").catch(() => null);
	if (file === null) return { events: [], offset, hasMore: false };
	try {
		// A line that is longer than a chunk is read with a larger one.
		for (let size = CHUNK_BYTES; ; size *= 2) {
			const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, offset);
			const end = buffer.subarray(0, bytesRead).lastIndexOf("\n") + 1;
			const isFull = bytesRead === size;
			if (end === 0 && isFull) continue;
			return { events: eventsIn(buffer.toString("utf8", 0, end)), offset: offset + end, hasMore: isFull };
		}
	} finally {
		await file.close();
	}
}

/** Events of whole lines. One that is no event is left out: a stage must not fail for what it says about itself. */
export function eventsIn(lines: string): StageEvent[] {
	return lines.split("\n").flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): StageEvent | null {
	if (line === "") return null;
	try {
		return stageEvent.safeParse(JSON.parse(line)).data ?? null;
	} catch {
		return null;
	}
}
