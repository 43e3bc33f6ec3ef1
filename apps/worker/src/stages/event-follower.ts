import type { StageEvent } from "@atelier/core";
import { type Database, notify, transaction } from "@atelier/db";
import { CHANNELS } from "@atelier/jobs";
import type { EventBatch } from "../executors/executor";
import type { HeldAttempt } from "./attempt";

/** Where an attempt's events come from. */
export interface EventSource {
	pollMs: number;
	events(offset: number): Promise<EventBatch>;
}

/**
 * Brings the events of an attempt into the record, each once: what the record holds already is known by `seq`, so a
 * follower that starts over after a crash neither loses nor doubles any, and it goes on from where the last one was. A
 * record or a host that cannot be reached is asked again; nothing is passed over meanwhile.
 */
export class EventFollower {
	private lastSeq: number;
	private offset: number;
	private timer: NodeJS.Timeout | undefined;
	private active: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly db: Database,
		private readonly attempt: Pick<HeldAttempt, "id" | "stageKey" | "lastSeq" | "eventOffset">,
		private readonly source: EventSource,
	) {
		this.lastSeq = attempt.lastSeq;
		this.offset = attempt.eventOffset;
	}

	start(): void {
		const next = () => {
			this.timer = setTimeout(() => {
				this.active = this.poll().then(next, next);
			}, this.source.pollMs);
		};
		next();
	}

	/** Stops after everything that its source has is in the record. */
	async finish(): Promise<void> {
		clearTimeout(this.timer);
		await this.active;
		clearTimeout(this.timer);
		while (await this.poll());
	}

	/** Message of the last `log` event of level `error`: what went wrong, in the trainer's own words. */
	async errorMessage(): Promise<string | null> {
		const [last] = await this.db.$queryRaw<{ message: string | null }[]>`
			SELECT payload->>'message' AS message FROM stage_event
			WHERE attempt_id = ${this.attempt.id} AND type = 'log' AND payload->>'level' = 'error'
			ORDER BY seq DESC LIMIT 1`;
		return last?.message ?? null;
	}

	/** @returns whether there may be more to come at once */
	private async poll(): Promise<boolean> {
		const { events, offset, hasMore } = await this.source.events(this.offset);
		const fresh = events.filter((event) => event.seq > this.lastSeq);
		if (fresh.length > 0) await this.store(fresh, offset);
		const hasMoved = offset !== this.offset;
		// Not before it is stored: what was not is offered again.
		this.offset = offset;
		return hasMore || hasMoved;
	}

	private async store(events: StageEvent[], offset: number): Promise<void> {
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
			await tx.attempt.updateMany({
				where: { id: attemptId, lastSeq: { lt: lastSeq } },
				data: { lastSeq, eventOffset: BigInt(offset) },
			});
			if (progress) await tx.stage.updateMany({ where: { key: stageKey, status: "running" }, data: { progress } });
			await notify(tx, CHANNELS.events, stageKey);
		});
		this.lastSeq = lastSeq;
	}
}
