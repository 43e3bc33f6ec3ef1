import { setTimeout as sleep } from "node:timers/promises";
import { tracked } from "@trpc/server";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { procedure } from "../../trpc";

const POLL_MS = 500;
const BATCH = 500;

/**
 * Events of a run's stages as they arrive, and a `state` message whenever the status of the run or of a stage changes.
 * Event ids are those of the record, so a browser that reconnects goes on where it was. Ends with the run.
 */
export const follow = procedure
	.input(z.object({ id: z.string(), lastEventId: z.string().nullish() }))
	.subscription(async function* ({ ctx, input, signal }) {
		const { id } = await findRun(ctx.db, input.id, {});
		// Without a cursor, only what is still to come: the page has read what was there.
		let last = input.lastEventId
			? BigInt(input.lastEventId)
			: ((await ctx.db.stageEvent.aggregate({ _max: { id: true } }))._max.id ?? 0n);
		let shown = "";
		while (!signal?.aborted) {
			const run = await ctx.db.run.findUnique({
				where: { id },
				select: { status: true, stages: { select: { stage: { select: { key: true, status: true } } } } },
			});
			if (run === null) return;
			const stages = run.stages.map(({ stage }) => stage);
			const events = await ctx.db.stageEvent.findMany({
				where: { id: { gt: last }, stageKey: { in: stages.map((stage) => stage.key) } },
				orderBy: { id: "asc" },
				take: BATCH,
			});
			for (const event of events) {
				last = event.id;
				yield tracked(String(event.id), {
					kind: "event" as const,
					stageKey: event.stageKey,
					type: event.type,
					at: event.at,
					payload: z.record(z.string(), z.unknown()).parse(event.payload),
				});
			}
			const state = JSON.stringify([run.status, stages]);
			if (state !== shown) {
				shown = state;
				yield tracked(String(last), { kind: "state" as const, status: run.status, stages });
			}
			if (run.status !== "queued" && run.status !== "running" && events.length === 0) return;
			if (events.length < BATCH) await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
		}
	});
