import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cancelRuns, retryRuns } from "@atelier/jobs";
import { attemptRef } from "@atelier/store";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { writeProcessFile } from "../src/executors/process-file";
import { identify } from "../src/executors/process-identity";
import { startWorker, type Worker } from "../src/worker";
import {
	hasProcess,
	launchOneStage,
	launchStages,
	openWorkplace,
	pidOf,
	until,
	type Workplace,
} from "./support/workplace";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let place: Workplace;
const children: ChildProcess[] = [];
const workers: Worker[] = [];

beforeAll(async () => {
	place = await openWorkplace();
}, 60_000);
afterEach(async () => {
	for (const name of Object.keys(process.env)) if (name.startsWith("FAKE_TRAINER_")) delete process.env[name];
	const live = await place.db.run.findMany({ where: { status: { in: ["queued", "running"] } }, select: { id: true } });
	await cancelRuns(
		place.db,
		live.map(({ id }) => id),
	);
	await Promise.all(workers.splice(0).map((worker) => worker.stop()));
	for (const child of children.splice(0)) child.kill("SIGKILL");
}, 30_000);
afterAll(() => place?.close());

/** A worker in a process of its own, which can be killed. */
async function startChild(more: Record<string, string> = {}): Promise<{ child: ChildProcess; id: string }> {
	const known = new Set((await place.db.workerHeartbeat.findMany()).map(({ id }) => id));
	const env = { ...process.env, ...place.variables(), ...more };
	const child = spawn(process.execPath, ["--import", "tsx", MAIN], { env, stdio: "ignore" });
	children.push(child);
	const announced = await until(
		"it announces itself",
		async () => (await place.db.workerHeartbeat.findMany()).find(({ id }) => !known.has(id)),
		30_000,
	);
	return { child, id: announced.id };
}
async function work(): Promise<Worker> {
	const worker = await startWorker(place.env(), () => undefined);
	workers.push(worker);
	return worker;
}
async function kill({ child }: { child: ChildProcess }) {
	child.kill("SIGKILL");
	await until("it is gone", async () => child.pid !== undefined && !hasProcess(child.pid));
}
const attemptsOf = (keys: readonly string[]) =>
	place.db.attempt.findMany({ where: { stageKey: { in: [...keys] } }, orderBy: { startedAt: "asc" } });
const stageOf = (key: string) => place.db.stage.findUniqueOrThrow({ where: { key } });
const trainers = (keys: readonly string[], count: number) =>
	until(
		"the trainers run",
		async () => {
			const running = (await attemptsOf(keys)).filter(({ handle, status }) => handle !== null && status === "running");
			return running.length >= count ? running : null;
		},
		30_000,
	);

describe("two workers on one record", () => {
	it("share the stages; when one is killed the other goes on with its trainers, and none runs twice", async () => {
		const { keys } = await launchStages(place, 8);
		const killed = await startChild({ FAKE_TRAINER_STEPS: "60" });
		await trainers(keys, 2);
		process.env.FAKE_TRAINER_STEPS = "20";
		const other = await work();
		await trainers(keys, 4);
		expect(new Set((await attemptsOf(keys)).map(({ workerId }) => workerId))).toEqual(new Set([killed.id, other.id]));
		await kill(killed);
		// On a busy machine it may have finished some before.
		const done = new Set((await attemptsOf(keys)).flatMap(({ id, finishedAt }) => (finishedAt ? [id] : [])));
		const all = async () =>
			(await place.db.stage.count({ where: { key: { in: keys }, status: "succeeded" } })) === keys.length;
		await until("all have succeeded", all, 60_000);
		const attempts = await attemptsOf(keys);
		expect(attempts.map(({ stageKey }) => stageKey).sort()).toEqual([...keys].sort());
		expect(attempts.every(({ status }) => status === "succeeded")).toBe(true);
		const rest = attempts.filter(({ id }) => !done.has(id));
		expect(rest.map(({ workerId }) => workerId)).toEqual(rest.map(() => other.id));
	}, 120_000);

	it("take up each other's at a stop, and leave each other's alone before", async () => {
		process.env.FAKE_TRAINER_STEPS = "60";
		const { key } = await launchOneStage(place);
		const first = await work();
		await trainers([key], 1);
		const second = await work();
		expect(await attemptsOf([key])).toMatchObject([{ workerId: first.id }]);
		await first.stop();
		workers.splice(workers.indexOf(first), 1);
		await until("it has succeeded", async () => (await stageOf(key)).status === "succeeded");
		expect(await attemptsOf([key])).toMatchObject([{ number: 1, workerId: second.id }]);
	}, 60_000);
});

describe("a cancelled attempt", () => {
	it("whose worker was killed ends with its process, though that ignores SIGTERM; nothing new starts before", async () => {
		const { key, runId } = await launchOneStage(place);
		const killed = await startChild({ FAKE_TRAINER_STEPS: "4000", FAKE_TRAINER_STUBBORN: "1" });
		const [attempt] = await trainers([key], 1);
		const pid = pidOf(attempt);
		await until("it speaks", () => place.db.stageEvent.count({ where: { stageKey: key } }));
		await kill(killed);
		await cancelRuns(place.db, [runId]);
		await retryRuns(place.db, place.queue, [runId]);
		expect((await attemptsOf([key]))[0]?.finishedAt).toBeNull();
		expect(hasProcess(pid)).toBe(true);

		await work();
		await until("the stage has succeeded", async () => (await stageOf(key)).status === "succeeded", 30_000);
		// Not `hasProcess`: one that nobody has collected yet counts as gone.
		expect(await identify(pid)).toBeNull();
		const [old, fresh] = await attemptsOf([key]);
		expect(old).toMatchObject({ status: "cancelled" });
		expect(fresh?.startedAt.getTime()).toBeGreaterThanOrEqual(old?.finishedAt?.getTime() ?? Number.POSITIVE_INFINITY);
	}, 90_000);

	it("of another worker that lives is that worker's to end", async () => {
		const { key } = await launchOneStage(place);
		const process_ = await identify(process.pid);
		const about = { hostname: hostname(), pid: process.pid, pidStartedAt: process_?.startedAt, slots: 1, trainer: {} };
		const times = { startedAt: new Date(), seenAt: new Date() };
		await place.db.workerHeartbeat.create({ data: { id: "other", ...about, ...times } });
		const id = randomUUID();
		const path = attemptRef("baseline", key, id);
		const attempt = { stageKey: key, number: 1, status: "cancelled", workerId: "other", path } as const;
		await place.db.attempt.create({ data: { id, ...attempt, leaseUntil: new Date() } });
		// Reconciliation has been through once when a worker has started.
		await work();
		expect((await attemptsOf([key]))[0]?.finishedAt).toBeNull();
		await place.db.workerHeartbeat.delete({ where: { id: "other" } });
		await until("it is closed once that worker is gone", async () => (await attemptsOf([key]))[0]?.finishedAt);
	}, 60_000);

	it("is found by its spec where the worker died before it wrote down which process it is", async () => {
		const { key, runId } = await launchOneStage(place);
		const killed = await startChild({ FAKE_TRAINER_STEPS: "4000" });
		const [attempt] = await trainers([key], 1);
		const folder = join(place.home, "store", attempt?.path ?? "");
		await kill(killed);
		// As good as not written: half a file, and nothing in the record.
		await writeFile(join(folder, "trainer.pid"), '{"pid": 1');
		await cancelRuns(place.db, [runId]);
		await work();
		await until("its process is gone", async () => !hasProcess(pidOf(attempt)));
		await until("it is closed", async () => (await attemptsOf([key]))[0]?.finishedAt);
	}, 60_000);
});

describe("a model server", () => {
	/** A server as the record and the disk hold it: a process that was started with the spec in the serving folder. */
	async function serve(key: string, workerId: string, status = "ready") {
		const folder = join(place.home, "serving", key);
		await mkdir(folder, { recursive: true });
		const spec = join(folder, "spec.json");
		await writeFile(spec, JSON.stringify({ token: "t", ready: join(folder, "ready.json") }));
		const env = { ...process.env, PYTHONPATH: place.variables().ATELIER_TRAINER_PATH ?? "" };
		const child = spawn("python3", ["-m", "atelier_trainer", "serve", spec], { env, stdio: "ignore", detached: true });
		children.push(child);
		const server = await until("it runs", async () => identify(child.pid ?? 0));
		writeProcessFile(folder, server);
		const row = { key, token: "t", status, workerId, handle: `${server.pid}@${server.startedAt}` };
		await place.db.modelServer.create({ data: { ...row, port: status === "ready" ? 4711 : null } });
		return server.pid;
	}
	const serverOf = (key: string) => place.db.modelServer.findUniqueOrThrow({ where: { key } });

	it("ends with the worker that looks after it; another worker's goes on", async () => {
		const [first, second] = [await work(), await work()];
		const [mine, other] = [await serve("mine", first.id), await serve("other", second.id)];
		await first.stop();
		workers.splice(workers.indexOf(first), 1);
		expect([hasProcess(mine), hasProcess(other)]).toEqual([false, true]);
		expect(await serverOf("mine")).toMatchObject({ status: "stopped", handle: null });
		expect(await serverOf("other")).toMatchObject({ status: "ready", handle: expect.stringMatching(`^${other}@`) });
	}, 60_000);

	it("of a worker that was killed is looked after by the next, and ends with that one", async () => {
		const pid = await serve("left", "killed");
		const next = await work();
		await until("it is taken over", async () => (await serverOf("left")).workerId === next.id);
		expect(await serverOf("left")).toMatchObject({ status: "ready", handle: expect.stringMatching(`^${pid}@`) });
		await next.stop();
		workers.splice(workers.indexOf(next), 1);
		expect(hasProcess(pid)).toBe(false);
	}, 60_000);

	it("that was loading when its worker was killed is found again, and not started a second time", async () => {
		process.env.FAKE_TRAINER_LOADING = "2";
		const pid = await serve("loading", "killed", "starting");
		await work();
		await until("it is ready", async () => (await serverOf("loading")).status === "ready");
		expect(await serverOf("loading")).toMatchObject({ port: 4711, handle: expect.stringMatching(`^${pid}@`) });
	}, 60_000);

	it("whose pid another program has got by now is stopped in the record, and that program is left alone", async () => {
		const row = { key: "reused", token: "t", status: "ready", workerId: "killed", handle: `${process.pid}@0` };
		await place.db.modelServer.create({ data: { ...row, port: 4711 } });
		await work();
		await until("it is stopped", async () => (await serverOf("reused")).status === "stopped");
	}, 60_000);
});
