import { join } from "node:path";
import type { StageEvent } from "@atelier/core";
import { type Database, notify, transaction } from "@atelier/db";
import { CHANNELS } from "@atelier/jobs";
import type { HeldAttempt } from "./attempt";
import { EventFile } from "./event-file";

const POLL_MS = 250;

/**
 * Brings the events of an attempt from its file into the record, each once: what the record holds already is known by
 * `seq`, so a follower that starts over after a crash neither loses nor doubles any. A record that cannot be reached is
 * tried again; the file keeps what it missed.
 */
export class EventFollower {
	private readonly file: EventFile;
	private pending: StageEvent[] = [];
	private lastSeq: number;
	private lastError: string | null = null;
	private timer: NodeJS.Timeout | undefined;
	private active: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly db: Database,
		private readonly attempt: HeldAttempt,
	) {
		this.file = new EventFile(join(attempt.folder, "events.ndjson"));
		this.lastSeq = attempt.lastSeq;
	}

	start(): void {
		const next = () => {
			this.timer = setTimeout(() => {
				this.active = this.poll().then(next, next);
			}, POLL_MS);
		};
		next();
	}

	/** Stops after everything that is in the file has reached the record. */
	async finish(): Promise<void> {
		clearTimeout(this.timer);
		await this.active;
		clearTimeout(this.timer);
		while ((await this.poll()) > 0);
	}

	/** Message of the last `log` event of level `error`: what went wrong, in the trainer's own words. */
	get errorMessage(): string | null {
		return this.lastError;
	}

	/** @returns how many events the file had to offer */
	private async poll(): Promise<number> {
		if (this.pending.length === 0) this.pending = await this.file.read();
		const offered = this.pending.length;
		const fresh = this.pending.filter((event) => event.seq > this.lastSeq);
		for (const event of this.pending) {
			if (event.type === "log" && event.payload.level === "error") this.lastError = event.payload.message;
		}
		if (fresh.length > 0) await this.store(fresh);
		this.pending = [];
		return offered;
	}

	private async store(events: StageEvent[]): Promise<void> {
		const { id: attemptId, stageKey } = this.attempt;
		const lastSeq = Math.max(...events.map((event) => event.seq));
		const progress = events.findLast((event) => event.type === "progress")?.payload;
		await transaction(this.db, async (tx) => {
			await tx.stageEvent.createMany({
				data: events.map(({ seq, type, at, payload }) => ({
					attemptId,
					stageKey,
					seq,
					type,
					at: new Date(at),
					payload,
				})),
				skipDuplicates: true,
			});
			await tx.attempt.updateMany({ where: { id: attemptId, lastSeq: { lt: lastSeq } }, data: { lastSeq } });
			if (progress) await tx.stage.updateMany({ where: { key: stageKey, status: "running" }, data: { progress } });
			await notify(tx, CHANNELS.events, stageKey);
		});
		this.lastSeq = lastSeq;
	}
}
