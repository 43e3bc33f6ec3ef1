import { randomUUID } from "node:crypto";
import { createPool, type Pool } from "@atelier/db";
import { openStore, type Store } from "@atelier/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AttemptLost, type HeldAttempt } from "../src/stages/attempt";
import { claimStage } from "../src/stages/claim-stage";
import { commitAttempt } from "../src/stages/commit-attempt";
import { failAttempt } from "../src/stages/end-attempt";
import { renewLease } from "../src/stages/lease";
import { launchOneStage, openWorkplace, type Workplace } from "./support/workplace";

let place: Workplace;
let pool: Pool;
let store: Store;

beforeAll(async () => {
	place = await openWorkplace();
	pool = createPool(place.url);
	store = openStore({ home: place.home });
}, 60_000);
afterAll(async () => {
	await pool?.end();
	await place?.close();
});

function receiptOf(attempt: HeldAttempt) {
	return { contract: 1 as const, key: attempt.stageKey, attempt: attempt.id, outputs: [], durationMs: 5, result: {} };
}

async function claimed(workerId: string): Promise<HeldAttempt> {
	const { key } = await launchOneStage(place);
	const attempt = await claimStage(place.db, store, workerId, key);
	if (attempt === null) throw new Error("The stage was not to be had.");
	return attempt;
}

describe("claiming", () => {
	it("of twenty workers that race for a stage, one gets it", async () => {
		const { key, runId } = await launchOneStage(place);
		const claims = await Promise.all(Array.from({ length: 20 }, () => claimStage(place.db, store, randomUUID(), key)));
		expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
		expect(await place.db.attempt.count({ where: { stageKey: key } })).toBe(1);
		expect(await place.db.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({ status: "running" });
	}, 30_000);

	it("a stage whose input has not succeeded is not to be had", async () => {
		const { key, splitKey } = await launchOneStage(place);
		await place.db.stage.update({ where: { key: splitKey }, data: { status: "queued" } });
		expect(await claimStage(place.db, store, "w", key)).toBeNull();
	});

	it("a stage that only ended runs name is not to be had", async () => {
		const { key, runId } = await launchOneStage(place);
		await place.db.run.update({ where: { id: runId }, data: { status: "cancelled" } });
		expect(await claimStage(place.db, store, "w", key)).toBeNull();
	});
});

describe("fencing", () => {
	it("an attempt that another worker took over cannot commit, and the new holder can", async () => {
		const attempt = await claimed("first");
		await place.db.attempt.update({ where: { id: attempt.id }, data: { workerId: "second" } });
		await expect(commitAttempt({ pool, store, id: "first" }, attempt, receiptOf(attempt), [])).rejects.toBeInstanceOf(
			AttemptLost,
		);
		expect(await place.db.stage.findUniqueOrThrow({ where: { key: attempt.stageKey } })).toMatchObject({
			status: "running",
			attemptId: null,
		});
		await commitAttempt({ pool, store, id: "second" }, attempt, receiptOf(attempt), []);
		expect(await place.db.stage.findUniqueOrThrow({ where: { key: attempt.stageKey } })).toMatchObject({
			status: "succeeded",
			attemptId: attempt.id,
			path: attempt.path,
		});
	});

	it("an attempt that was given up cannot commit over the one that replaced it", async () => {
		const old = await claimed("first");
		await failAttempt(place.db, "first", old, { message: "gone", exitCode: null, isRetryable: true, isLoss: true });
		const next = await claimStage(place.db, store, "second", old.stageKey);
		expect(next?.number).toBe(2);
		await expect(commitAttempt({ pool, store, id: "first" }, old, receiptOf(old), [])).rejects.toBeInstanceOf(
			AttemptLost,
		);
		expect(await place.db.stage.findUniqueOrThrow({ where: { key: old.stageKey } })).toMatchObject({
			status: "running",
			attemptId: null,
		});
	});

	it("renewing a lease tells who may go on", async () => {
		const attempt = await claimed("first");
		expect(await renewLease(place.db, attempt.id, "first")).toBe("held");
		expect(await renewLease(place.db, attempt.id, "second")).toBe("taken");
		await place.db.attempt.update({ where: { id: attempt.id }, data: { status: "cancelled" } });
		expect(await renewLease(place.db, attempt.id, "first")).toBe("ended");
	});
});
