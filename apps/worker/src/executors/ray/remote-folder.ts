import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
	type Heartbeat,
	heartbeat,
	REMOTE_FOLDER,
	type RemoteEnd,
	type RemoteSpec,
	remoteEnd,
	remoteFile,
	type StageEvent,
} from "@atelier/core";
import { z } from "zod";
import { writeWhole } from "../../files/write-whole";
import { eventsIn } from "../event-file";
import type { EventBatch } from "../executor";

/** Of one batch, about. */
const BATCH_BYTES = 256 * 1024;
const submitted = z.object({ handle: z.string() });

/** What a remote stage has told of itself, in its attempt's folder, and what we have told it. */
export class RemoteFolder {
	constructor(private readonly folder: string) {}

	heartbeat(): Promise<Heartbeat | null> {
		return this.read(remoteFile.heartbeat, heartbeat);
	}

	/** How it ended without a receipt; null while it has not. */
	end(): Promise<RemoteEnd | null> {
		return this.read(remoteFile.ended, remoteEnd);
	}

	async hasReceipt(): Promise<boolean> {
		return this.has("receipt.json");
	}

	/** Whether a process on a host has begun with it. */
	async isClaimed(): Promise<boolean> {
		return this.has(remoteFile.claim);
	}

	/** @returns its size, which belongs to the address that it is read under */
	async writeSpec(spec: RemoteSpec): Promise<number> {
		const text = JSON.stringify(spec);
		await writeWhole(join(this.folder, remoteFile.spec), text);
		return Buffer.byteLength(text);
	}

	async handle(): Promise<string | null> {
		return (await this.read(remoteFile.submitted, submitted))?.handle ?? null;
	}

	async writeHandle(handle: string): Promise<void> {
		await writeWhole(join(this.folder, remoteFile.submitted), JSON.stringify({ handle }));
	}

	/** For one that could not be started: what it would have said itself. */
	async writeEnd(end: RemoteEnd, message: string): Promise<void> {
		const at = new Date().toISOString();
		const event: StageEvent = { seq: 1, at, type: "log", payload: { level: "error", message } };
		await writeWhole(join(this.folder, remoteFile.events(1)), `${JSON.stringify(event)}\n`);
		await writeWhole(join(this.folder, remoteFile.ended), JSON.stringify(end));
	}

	/** Events of the chunks from that number on; the offset counts the chunks that were read. */
	async events(offset: number): Promise<EventBatch> {
		const events: StageEvent[] = [];
		let next = offset;
		for (let bytes = 0; bytes < BATCH_BYTES; next += 1) {
			const text = await this.chunk(next + 1);
			if (text === null) return { events, offset: next, hasMore: false };
			events.push(...eventsIn(text));
			bytes += text.length;
		}
		return { events, offset: next, hasMore: (await this.chunk(next + 1)) !== null };
	}

	/** Makes of the chunks, and of what it said last, the files that a local stage leaves. */
	async close(): Promise<void> {
		const events = join(this.folder, REMOTE_FOLDER, "events");
		const names = (await readdir(events).catch(() => [])).sort();
		const texts = await Promise.all(names.map((name) => readFile(join(events, name), "utf8")));
		await writeFile(join(this.folder, "events.ndjson"), texts.join(""));
		const log = await readFile(join(this.folder, remoteFile.log), "utf8").catch(() => null);
		if (log !== null) await writeFile(join(this.folder, "stderr.log"), log);
		// Nobody goes on from a checkpoint of what is done.
		if (await this.hasReceipt()) await rm(join(this.folder, "checkpoints"), { recursive: true, force: true });
	}

	private async chunk(number: number): Promise<string | null> {
		return readFile(join(this.folder, remoteFile.events(number)), "utf8").catch(() => null);
	}

	private async has(name: string): Promise<boolean> {
		return stat(join(this.folder, name)).then(
			() => true,
			() => false,
		);
	}

	private async read<Result>(name: string, schema: z.ZodType<Result>): Promise<Result | null> {
		try {
			return schema.parse(JSON.parse(await readFile(join(this.folder, name), "utf8")));
		} catch {
			// Not there yet; whoever writes it puts it there whole.
			return null;
		}
	}
}
