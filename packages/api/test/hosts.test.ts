import { randomUUID } from "node:crypto";
import { hostFacts } from "@atelier/core";
import { keepFacts, keepProblem, openQueue, openToken, type Queue } from "@atelier/jobs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Console, seedDataset, startConsole } from "./console";

const ADDRESS = "http://127.0.0.1:8265";
const TOKEN = "a-token-that-nobody-may-see";
const GPU = { name: "H100", memoryBytes: 80e9 };

let atelier: Console;
let queue: Queue;
/** What hosts answer, by name: why one cannot be used, or how many GPUs it has. */
const answers = new Map<string, string | number>();

beforeAll(async () => {
	atelier = await startConsole();
	const { db } = atelier.services;
	await seedDataset(atelier, { id: "a".repeat(16), name: "shop" });
	const about = { hostname: "h", pid: 1, slots: 2, trainer: { state: "ready" } };
	await db.workerHeartbeat.create({ data: { id: "w", ...about, startedAt: new Date(), seenAt: new Date() } });
	// In a worker's place, which answers jobs: what a host says is the test's to choose. Real ones: apps/worker/test.
	queue = await openQueue(atelier.url, "worker");
	await queue.work("probe-host", { concurrency: 1 }, async ({ name }) => {
		const answer = answers.get(name) ?? 0;
		if (typeof answer === "string") await keepProblem(db, name, new Error(answer));
		else await keepFacts(db, name, hostFacts.parse({ gpus: Array.from({ length: answer }, () => GPU) }));
	});
}, 60_000);
afterEach(async () => {
	const { db } = atelier.services;
	answers.clear();
	await db.launch.deleteMany();
	await db.stage.deleteMany();
	await db.host.deleteMany({ where: { name: { not: "local" } } });
	await db.workerHeartbeat.updateMany({ data: { seenAt: new Date() } });
});
afterAll(async () => {
	await queue?.stop();
	await atelier?.stop();
});

const namesOf = async () => (await atelier.owner.hosts.list()).map(({ name }) => name);

describe("a host", () => {
	it("is added once it answers, with a slot a GPU; its token is sealed in the record and never shown", async () => {
		answers.set("gpu-1", 2);
		await atelier.owner.hosts.add({ name: "gpu-1", address: "http://gpu-1.lab:8265/", token: TOKEN, pricePerHour: 3 });
		expect(await atelier.owner.hosts.get({ name: "gpu-1" })).toMatchObject({
			address: "http://gpu-1.lab:8265",
			hasToken: true,
			state: "reachable",
			gpus: 2,
			slots: 2,
			pricePerHour: 3,
			running: [],
			throughput: [],
		});
		const row = await atelier.services.db.host.findUniqueOrThrow({ where: { name: "gpu-1" } });
		expect(JSON.stringify(row)).not.toContain(TOKEN);
		expect(openToken(row.token ?? "", atelier.services.secret, "gpu-1")).toBe(TOKEN);
		expect(() => openToken(row.token ?? "", atelier.services.secret, "gpu-2")).toThrow(/sealed with another/);
		expect(() => openToken(row.token ?? "", "x".repeat(32), "gpu-1")).toThrow(/--token-file/);
		expect(JSON.stringify(await atelier.owner.hosts.list())).not.toContain(TOKEN);
	});

	it("whose probe fails is not kept, and the reason is said", async () => {
		answers.set("gpu-1", "it said 403: the token is wrong");
		const adding = atelier.owner.hosts.add({ name: "gpu-1", address: ADDRESS, token: TOKEN });
		await expect(adding).rejects.toThrow(/cannot be used, and was not added: it said 403: the token is wrong/);
		expect(await namesOf()).toEqual(["local"]);
	});

	it("that other machines may reach is refused without a token, with the reason", async () => {
		const adding = atelier.owner.hosts.add({ name: "open", address: "http://10.0.0.7:8265" });
		await expect(adding).rejects.toThrow(/10\.0\.0\.7 is not this machine's loopback.*RAY_AUTH_MODE=token/);
		await atelier.owner.hosts.add({ name: "mine", address: ADDRESS });
		await expect(atelier.owner.hosts.set({ name: "mine", address: "http://10.0.0.7:8265" })).rejects.toThrow(
			/loopback/,
		);
		expect(await namesOf()).toEqual(["local", "mine"]);
	});

	it.each([
		[{ name: "GPU 1", address: ADDRESS }, /small letters, digits and hyphens/],
		[{ name: "gpu-1", address: "ray://127.0.0.1:10001" }, /begins with http/],
		[{ name: "gpu-1", address: "http://me:secret@127.0.0.1:8265" }, /no password in the address/],
		[{ name: "gpu-1", address: ADDRESS, token: "two\nlines" }, /one line without blanks/],
		[{ name: "local", address: ADDRESS }, /There is a host local already/],
	])("given as %j is refused", async (input, message) => {
		await expect(atelier.owner.hosts.add(input)).rejects.toThrow(message);
		expect(await namesOf()).toEqual(["local"]);
	});

	it("local stays in use whatever a probe of its trainer says", async () => {
		answers.set("local", "the trainer does not answer");
		expect(await atelier.owner.hosts.probe({ name: "local" })).toMatchObject({
			problem: "the trainer does not answer",
		});
		expect(await atelier.owner.hosts.get({ name: "local" })).toMatchObject({
			state: "reachable",
			unreachableSince: null,
		});
		answers.set("local", 0);
		expect(await atelier.owner.hosts.probe({ name: "local" })).toMatchObject({ problem: null });
	});

	it("cannot be asked for while no worker runs, and says so at once", async () => {
		await atelier.services.db.workerHeartbeat.updateMany({ data: { seenAt: new Date(0) } });
		await expect(atelier.owner.hosts.add({ name: "gpu-1", address: ADDRESS })).rejects.toThrow(/No worker is running/);
		expect(await namesOf()).toEqual(["local"]);
	});

	it("that is not there is refused with the names that are; local is never removed", async () => {
		await expect(atelier.owner.hosts.drain({ name: "gpu" })).rejects.toThrow(/no host "gpu"\. There are: local/);
		await expect(atelier.owner.hosts.remove({ name: "local" })).rejects.toThrow(/each worker's own machine/);
	});

	it("is not removed while a stage runs there; a drained one says so, and is taken back", async () => {
		await atelier.owner.hosts.add({ name: "mine", address: ADDRESS });
		const { db } = atelier.services;
		const stage = { key: "k", kind: "baseline", datasetId: "d", revision: 1, params: {}, seed: 0, inputs: {} };
		await db.stage.create({ data: { ...stage, status: "running" } });
		const attempt = { id: randomUUID(), stageKey: "k", number: 1, workerId: "w", path: "p", host: "mine", handle: "h" };
		await db.attempt.create({ data: { ...attempt, leaseUntil: new Date(), unreachableSince: new Date() } });
		expect(await atelier.owner.hosts.drain({ name: "mine" })).toEqual({ name: "mine", running: 1 });
		expect(await atelier.owner.hosts.get({ name: "mine" })).toMatchObject({
			draining: true,
			running: [{ kind: "baseline", unreachableSince: expect.any(Date) }],
		});
		await expect(atelier.owner.hosts.remove({ name: "mine" })).rejects.toThrow(/1 stages run.*runs fence/);
		await atelier.owner.hosts.resume({ name: "mine" });
		await db.attempt.updateMany({ data: { status: "failed", finishedAt: new Date() } });
		await atelier.owner.hosts.remove({ name: "mine" });
		expect(await namesOf()).toEqual(["local"]);
	});
});

describe("a launch", () => {
	const request = { suite: "table2", datasets: ["shop"], methods: ["ours"] };
	const placesOf = async (more: object) => {
		const plan = await atelier.owner.launch.plan({ ...request, ...more });
		return { ...plan, on: new Map(plan.stages.map(({ kind, host }) => [kind, host])) };
	};

	it("runs on this machine where nothing is said, and on the host that it names, but for the worker's own stages", async () => {
		expect((await placesOf({})).on.get("fine-tune")).toBe("local");
		await atelier.owner.hosts.add({ name: "mine", address: ADDRESS });
		const { on, refusals } = await placesOf({ on: "mine" });
		expect([on.get("fine-tune"), on.get("generate"), on.get("prompts")]).toEqual(["mine", "mine", null]);
		expect(refusals).toEqual([]);
		await expect(placesOf({ on: "mime" })).rejects.toThrow(/no host "mime"\. There are: local, mine/);
	});

	it("that needs GPUs goes where they are, is refused where none is, and says what would do", async () => {
		const wants = { set: { "resources.fineTune.pool": "gpu", "resources.fineTune.memoryGb": 24 } };
		const { refusals } = await placesOf(wants);
		expect(refusals).toEqual([
			expect.stringMatching(/fine-tune needs 1 GPU with 24 GB.*resources\.fineTune\.pool=cpu/),
		]);
		await expect(atelier.owner.launch.create({ ...request, ...wants })).rejects.toThrow(/atelier host add/);
		expect(await atelier.services.db.launch.count()).toBe(0);

		answers.set("gpu-1", 1);
		await atelier.owner.hosts.add({ name: "gpu-1", address: ADDRESS });
		const { on } = await placesOf(wants);
		expect([on.get("fine-tune"), on.get("generate")]).toEqual(["gpu-1", "local"]);
		const large = await placesOf({ ...wants, on: "gpu-1", set: { ...wants.set, "resources.fineTune.memoryGb": 200 } });
		expect(large.refusals).toEqual([expect.stringMatching(/cannot run on gpu-1: it needs 200 GB.*has 80\.0 GB/)]);
	});

	it("keeps host, budget and needs outside the stages' keys and the runs' configurations", async () => {
		answers.set("gpu-1", 1);
		await atelier.owner.hosts.add({ name: "gpu-1", address: ADDRESS });
		const { db } = atelier.services;
		const keysOf = async (more: object) => {
			const { launchId } = await atelier.owner.launch.create({ ...request, ...more });
			const runs = await db.run.findMany({ where: { launchId }, include: { stages: true } });
			expect(JSON.stringify(runs.map(({ config }) => config))).not.toContain("resources");
			return { launchId, stages: runs.flatMap(({ stages }) => stages) };
		};
		const here = await keysOf({});
		const there = await keysOf({ on: "gpu-1", budgetGpuHours: 2, set: { "resources.fineTune.pool": "gpu" } });
		expect(there.stages.map(({ stageKey }) => stageKey).sort()).toEqual(
			here.stages.map(({ stageKey }) => stageKey).sort(),
		);
		expect(there.stages.filter(({ gpus }) => gpus === 1)).toHaveLength(1);
		expect(await db.launch.findUnique({ where: { id: there.launchId } })).toMatchObject({
			onHost: "gpu-1",
			budgetGpuHours: 2,
		});
		await expect(atelier.owner.hosts.remove({ name: "gpu-1" })).rejects.toThrow(/launched on host gpu-1/);
	});

	it("is estimated by what was measured on its host, and by nothing else", async () => {
		await atelier.owner.hosts.add({ name: "mine", address: ADDRESS, pricePerHour: 36 });
		const { db } = atelier.services;
		const { stages } = await atelier.owner.launch.plan({ ...request, methods: ["popularity"] });
		const planned = stages.find(({ kind }) => kind === "baseline");
		const about = {
			kind: "baseline",
			datasetId: "a".repeat(16),
			revision: 1,
			params: JSON.parse(JSON.stringify(planned?.params ?? {})),
			seed: 9,
		};
		for (const [host, durationMs] of [
			["local", 1_000],
			["mine", 100_000],
		] as const) {
			const attempt = { id: randomUUID(), number: 1, status: "succeeded" as const, workerId: "w", path: "p", host };
			const made = { key: `on-${host}`, inputs: {}, status: "succeeded" as const, durationMs, attemptId: attempt.id };
			await db.stage.create({
				data: { ...about, ...made, attempts: { create: { ...attempt, leaseUntil: new Date() } } },
			});
		}
		const estimate = async (on?: string) => {
			const plan = await atelier.owner.launch.plan({ ...request, methods: ["popularity"], ...(on && { on }) });
			return { ms: plan.stages.find(({ kind }) => kind === "baseline")?.estimateMs, plan };
		};
		expect((await estimate()).ms).toBe(1_000);
		const there = await estimate("mine");
		expect(there.ms).toBe(100_000);
		// A hundred seconds of a host at 36 an hour; its split runs in the worker, and costs nothing there.
		expect(there.plan.totals.cost).toBeCloseTo(1, 5);
		expect(await atelier.owner.hosts.get({ name: "mine" })).toMatchObject({
			throughput: [{ kind: "baseline", stages: 1, medianSeconds: 100, tokensPerSecond: null }],
		});
	});
});
