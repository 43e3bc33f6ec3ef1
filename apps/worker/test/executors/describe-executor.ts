import { randomUUID } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createPool, type Pool } from "@atelier/db";
import { cancelRuns } from "@atelier/jobs";
import { FolderStore } from "@atelier/store";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { claimNext } from "../../src/stages/claim-stage";
import { openWorkplace, until, type Workplace } from "../support/workplace";
import { StagesOnHost } from "./stages-on-host";
import type { StartedHost, TestHost } from "./test-host";

/** A minute in earnest. Nothing counts the time that a host is away, so this is long enough for every poll to have met it. */
const AWAY_MS = 6_000;
/** The issue's own bound on a cancellation. */
const CANCELLED_WITHIN_MS = 5_000;

/**
 * What every executor must do, whatever it speaks to: a file for each calls this, so that they are tried side by side.
 *
 * @param isShort leave out what differs least from one executor to another
 */
export function describeExecutor(testHost: TestHost, { isShort = false } = {}): void {
	const inFull = it.skipIf(isShort);
	const why = testHost.missing === null ? "" : ` (skipped: ${testHost.missing})`;
	describe.runIf(testHost.missing === null)(`host ${testHost.name}${why}`, () => {
		let place: Workplace;
		let pool: Pool;
		let host: StartedHost;
		let on: StagesOnHost;

		beforeAll(async () => {
			place = await openWorkplace();
			pool = createPool(place.url);
			await pool.query(`CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS $$
				BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '53100'; END $$`);
			host = await testHost.start(place);
			on = new StagesOnHost(place, host);
			await on.prepare();
		}, 240_000);
		afterEach(async () => {
			await pool.query("DROP TRIGGER IF EXISTS refuse ON attempt");
			await on.clear();
		}, 90_000);
		afterAll(async () => {
			await host?.stop();
			await pool?.end();
			await place?.close();
		});

		/** From now on the record refuses this change of attempts, as on a full disk. */
		const refuse = (change: string) =>
			pool.query(
				`CREATE TRIGGER refuse BEFORE UPDATE ON attempt FOR EACH ROW WHEN (${change}) EXECUTE FUNCTION refuse()`,
			);
		const COMMIT = "OLD.status = 'running' AND NEW.status = 'succeeded'";
		const HANDLE = "OLD.handle IS NULL AND NEW.handle IS NOT NULL";

		it("success: each event once and in order, outputs as the receipt lists them, host and handle in the record", async () => {
			const { key } = await on.launch();
			await on.work();
			await on.untilStage(key, "succeeded");
			const [attempt, ...more] = await on.attemptsOf(key);
			expect(more).toEqual([]);
			expect(attempt).toMatchObject({ status: "succeeded", host: host.host, exitCode: 0, unreachableSince: null });
			const events = await place.db.stageEvent.findMany({ where: { stageKey: key }, orderBy: { id: "asc" } });
			expect(events.length).toBeGreaterThan(0);
			expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
			const store = new FolderStore(join(place.home, "store"));
			expect(await store.has(attempt?.path ?? "")).toBe(true);
		}, 120_000);

		inFull(
			"bad spec: fails at once, with code 2 and the trainer's own words",
			async () => {
				const { key } = await on.launch({ inputs: {} });
				await on.work();
				await on.untilStage(key, "failed");
				const attempts = await on.attemptsOf(key);
				expect(attempts).toMatchObject([{ status: "failed", exitCode: 2, error: "inputs.split is missing" }]);
			},
			120_000,
		);

		it("bad data: fails at once, with code 3 and the trainer's own words", async () => {
			const { key, runId } = await on.launch();
			// Another artifact in the split's place: whole and as the record lists it, and no split.
			const made = (await place.db.stage.findFirst({ where: { kind: "baseline", status: "succeeded" } }))?.key ?? "";
			await place.db.stage.update({ where: { key }, data: { inputs: { split: made } } });
			await on.work();
			await on.untilStage(key, "failed");
			expect(await on.attemptsOf(key)).toMatchObject([
				{ status: "failed", exitCode: 3, error: expect.stringContaining("is missing") },
			]);
			expect((await place.db.run.findUniqueOrThrow({ where: { id: runId } })).error).toContain("is missing");
		}, 120_000);

		inFull(
			"killed: it is tried again, and the loss is no failure of the stage",
			async () => {
				const { key, runId } = await on.launch({ long: true });
				await on.work();
				const attempt = await on.untilSpeaking(key);
				await host.kill(attempt);
				const again = await until(
					"another attempt runs",
					async () => {
						const [first, second] = await on.attemptsOf(key);
						return second && first?.status === "failed" ? { first, second } : null;
					},
					60_000,
				);
				expect(again.first.error).toMatch(/killed or vanished/);
				await cancelRuns(place.db, [runId]);
			},
			180_000,
		);

		it("cancelled: nothing of it runs within five seconds", async () => {
			const { key, runId } = await on.launch({ long: true });
			await on.work();
			const attempt = await on.untilSpeaking(key);
			const from = Date.now();
			await cancelRuns(place.db, [runId]);
			await until("it has ended", async () => (await on.attemptsOf(key))[0]?.finishedAt, CANCELLED_WITHIN_MS);
			expect(Date.now() - from).toBeLessThan(CANCELLED_WITHIN_MS);
			expect(await host.isRunning(attempt)).toBe(false);
		}, 120_000);

		inFull(
			"a worker killed after its claim: nothing had begun, and one new attempt does it",
			async () => {
				const { key } = await on.launch();
				// A claim as a worker makes it that is killed right after it: nothing but the record knows of it.
				const about = { hostname: hostname(), pid: 2 ** 22, pidStartedAt: "0", slots: 1, trainer: {} };
				const id = randomUUID();
				await place.db.workerHeartbeat.create({ data: { id, ...about, startedAt: new Date(), seenAt: new Date() } });
				const store = new FolderStore(join(place.home, "store"));
				const opening = { host: host.host, kinds: "all" } as const;
				expect(await claimNext(place.db, { store, workerId: id, slots: 1 }, opening, [])).toMatchObject({
					attempt: { stageKey: key, host: host.host },
				});
				await on.work();
				await on.untilStage(key, "succeeded");
				expect(await on.attemptsOf(key)).toMatchObject([{ status: "failed", handle: null }, { status: "succeeded" }]);
			},
			120_000,
		);

		inFull(
			"a worker killed after submitting, before the handle is written down: the next finds it by its id",
			async () => {
				const { key, runId } = await on.launch({ long: true });
				await refuse(HANDLE);
				const child = await on.startChild();
				await until("its trainer speaks", async () => ((await on.attemptsOf(key))[0]?.lastSeq ?? 0) > 0, 90_000);
				await on.kill(child);
				await pool.query("DROP TRIGGER refuse ON attempt");
				expect((await on.attemptsOf(key))[0]?.handle).toBeNull();
				await on.work();
				const attempt = await until("it is known", async () => (await on.attemptsOf(key)).find(({ handle }) => handle));
				expect(attempt.number).toBe(1);
				expect(await host.isRunning(attempt)).toBe(true);
				await cancelRuns(place.db, [runId]);
			},
			180_000,
		);

		it("a worker killed while it runs: the next goes on with the same attempt", async () => {
			const { key } = await on.launch();
			const child = await on.startChild();
			await until("it is submitted", async () => (await on.attemptsOf(key))[0]?.handle, 60_000);
			await on.kill(child);
			await on.work();
			await on.untilStage(key, "succeeded");
			expect(await on.attemptsOf(key)).toMatchObject([{ number: 1, status: "succeeded" }]);
		}, 180_000);

		inFull(
			"a worker killed after its end and before the commit: the next commits the same attempt, and a wrong checksum never",
			async () => {
				const [right, wrong] = [await on.launch(), await on.launch()];
				await refuse(COMMIT);
				const child = await on.startChild();
				const store = new FolderStore(join(place.home, "store"));
				for (const { key } of [right, wrong]) {
					await until(
						"it has its receipt",
						async () => {
							const path = (await on.attemptsOf(key))[0]?.path;
							return path !== undefined && store.has(path);
						},
						90_000,
					);
				}
				await on.kill(child);
				const path = (await on.attemptsOf(wrong.key))[0]?.path ?? "";
				await appendFile(join(store.root, path, "ranks.parquet"), "one byte more");
				await pool.query("DROP TRIGGER refuse ON attempt");
				await on.work();
				await on.untilStage(right.key, "succeeded");
				expect(await on.attemptsOf(right.key)).toMatchObject([{ number: 1, status: "succeeded" }]);
				await until("the other is refused", async () => (await on.attemptsOf(wrong.key))[0]?.status === "failed");
				expect((await on.attemptsOf(wrong.key))[0]?.error).toMatch(/ranks\.parquet/);
			},
			240_000,
		);

		inFull(
			"two workers: each stage is run once, and no more at once than the host has slots",
			async () => {
				await Promise.all([on.work(), on.work()]);
				const keys: string[] = [];
				for (let count = 0; count < 3; count += 1) keys.push((await on.launch()).key);
				for (const key of keys) await on.untilStage(key, "succeeded");
				const attempts = await place.db.attempt.findMany({ where: { stageKey: { in: keys } } });
				expect(attempts.map(({ stageKey }) => stageKey).sort()).toEqual([...keys].sort());
				const { slots } = await place.db.host.findUniqueOrThrow({ where: { name: host.host } });
				if (slots === null) return;
				for (const { startedAt: at } of attempts) {
					const together = attempts.filter(({ startedAt, finishedAt }) => startedAt <= at && (finishedAt ?? at) > at);
					expect(together.length).toBeLessThanOrEqual(slots);
				}
			},
			240_000,
		);

		it.runIf(testHost.name !== "local" && !isShort)(
			"host away: its stage stays as it is, nothing takes its place, and no event is lost",
			async () => {
				if (host.sever === null) throw new Error("Only local cannot be away.");
				const { key, runId } = await on.launch({ long: true });
				await on.work();
				await on.untilSpeaking(key);
				const mend = await host.sever();
				await until("it is unreachable", async () => (await on.attemptsOf(key))[0]?.unreachableSince, 60_000);
				await delay(AWAY_MS);
				expect(await on.attemptsOf(key)).toMatchObject([{ number: 1, status: "running" }]);
				await mend();
				const back = await until(
					"it is back",
					async () => {
						const [attempt] = await on.attemptsOf(key);
						return attempt?.unreachableSince === null ? attempt : null;
					},
					60_000,
				);
				await until("it speaks on", async () => ((await on.attemptsOf(key))[0]?.lastSeq ?? 0) > back.lastSeq, 60_000);
				const events = await place.db.stageEvent.findMany({ where: { stageKey: key }, orderBy: { id: "asc" } });
				expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
				expect(await on.attemptsOf(key)).toHaveLength(1);
				await cancelRuns(place.db, [runId]);
			},
			240_000,
		);
	});
}
