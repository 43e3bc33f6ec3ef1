import { createPool, inTransaction, type Pool } from "@atelier/db";
import { QUEUE_LOCK, retryRuns } from "@atelier/jobs";
import { openStore } from "@atelier/store";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { claimStage } from "../src/stages/claim-stage";
import { startWorker, type Worker } from "../src/worker";
import { launchOneStage, openWorkplace, until, type Workplace } from "./support/workplace";

let place: Workplace;
let pool: Pool;
let worker: Worker | undefined;
let log: string[] = [];

beforeAll(async () => {
	place = await openWorkplace();
	pool = createPool(place.url);
	await pool.query(`CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS $$
		BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = TG_ARGV[0]; END $$`);
}, 60_000);
afterEach(async () => {
	await accept();
	await worker?.stop();
	worker = undefined;
	log = [];
}, 30_000);
afterAll(async () => {
	await pool?.end();
	await place?.close();
});

/** From now on no attempt can be committed: Postgres refuses with this SQLSTATE. */
const refuse = (code: string) =>
	pool.query(`CREATE TRIGGER refuse BEFORE UPDATE ON attempt FOR EACH ROW
		WHEN (OLD.status = 'running' AND NEW.status = 'succeeded') EXECUTE FUNCTION refuse('${code}')`);
const accept = () => pool.query("DROP TRIGGER IF EXISTS refuse ON attempt");
const work = async () => {
	worker = await startWorker(place.env(), (message) => log.push(message));
};
const stageOf = (key: string) => place.db.stage.findUniqueOrThrow({ where: { key } });
const attemptsOf = (stageKey: string) => place.db.attempt.findMany({ where: { stageKey }, orderBy: { number: "asc" } });

describe("what a process has finished", () => {
	it("is committed when the record takes it again: a full disk costs no second run", async () => {
		const { key } = await launchOneStage(place);
		await refuse("53100");
		await work();
		await until("it was refused", async () => log.some((line) => line.includes("has to wait")));
		expect(await stageOf(key)).toMatchObject({ status: "running" });
		await accept();
		await until("it has succeeded", async () => (await stageOf(key)).status === "succeeded");
		expect(await attemptsOf(key)).toMatchObject([{ number: 1, status: "succeeded" }]);
	}, 40_000);

	it("is kept by a worker that stops meanwhile, and committed by the next", async () => {
		const { key } = await launchOneStage(place);
		await refuse("53100");
		await work();
		await until("it was refused", async () => log.some((line) => line.includes("has to wait")));
		await worker?.stop();
		expect(await attemptsOf(key)).toMatchObject([{ number: 1, status: "running" }]);
		await accept();
		await work();
		await until("it has succeeded", async () => (await stageOf(key)).status === "succeeded");
		expect(await attemptsOf(key)).toMatchObject([{ number: 1, status: "succeeded" }]);
	}, 40_000);

	it("is kept where the record refuses it for good, and a retry only commits it", async () => {
		const { key, runId } = await launchOneStage(place);
		await refuse("22000");
		await work();
		await until("it has failed", async () => (await stageOf(key)).status === "failed");
		const [failed] = await attemptsOf(key);
		expect(failed).toMatchObject({ status: "failed", exitCode: 0 });
		expect(failed?.error).toMatch(/It finished, but its results could not be brought into the record: .*not now/);
		await accept();
		expect(await retryRuns(place.db, place.queue, [runId])).toEqual({ retried: 1 });
		await until("it has succeeded", async () => (await stageOf(key)).status === "succeeded");
		expect(await attemptsOf(key)).toMatchObject([{ id: failed?.id, handle: failed?.handle, status: "succeeded" }]);
	}, 40_000);
});

it("a claim that waits six seconds for another transaction is a claim all the same", async () => {
	const { key } = await launchOneStage(place);
	let letGo = () => {};
	const held = new Promise<void>((resolve) => {
		letGo = resolve;
	});
	const other = inTransaction(pool, async (client) => {
		await client.query("SELECT pg_advisory_xact_lock($1)", [QUEUE_LOCK]);
		await held;
	});
	setTimeout(letGo, 6_000);
	expect(await claimStage(place.db, openStore({ home: place.home }), "w", key)).toMatchObject({ stageKey: key });
	await other;
}, 30_000);
