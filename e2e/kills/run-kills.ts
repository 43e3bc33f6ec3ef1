import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { explain } from "@atelier/core";
import { createPool, type Pool } from "@atelier/db";
import type { ConsoleClient } from "../console/console-client";
import { Installation, MEMBERS } from "./installation";
import { keepStarted, killAtRandom, watchTrainers } from "./kill-at-random";
import { doubledIn, runsOf, stateOf } from "./record-checks";
import { report } from "./report";
import { DATASET, launchesOf, type Methods, makeSample, untilAnswered } from "./work";

const HELP = `npm run kills: kills members of a running Atelier at random and checks that nothing comes of it.

Starts an Atelier of its own on the synthetic sample, keeps five launches running, and ends with SIGKILL, at moments that
the seed gives, the worker, a trainer, the console, Postgres, npm start itself and the model server. Then: no run lost,
nothing in the record twice, nothing stuck 60 s after the last kill, and the metrics of an undisturbed run.

  --kills N      how many (60)
  --seed N       of moments and members (1)
  --gap MS       between two kills on average (3000)
  --methods M    all, or cheap: those without language model and text encoder (all)
  --out FILE     also writes the report there`;

const STUCK_AFTER_MS = 60_000;

const { values } = parseArgs({
	options: {
		kills: { type: "string", default: "60" },
		seed: { type: "string", default: "1" },
		gap: { type: "string", default: "3000" },
		methods: { type: "string", default: "all" },
		out: { type: "string" },
		help: { type: "boolean", default: false },
	},
});
if (values.help) {
	console.log(HELP);
	process.exit(0);
}
if (values.methods !== "all" && values.methods !== "cheap") {
	console.error(`--methods is all or cheap, not "${values.methods}".`);
	process.exit(2);
}
const methods: Methods = values.methods;
const members = MEMBERS.filter((member) => methods === "all" || member !== "model server");
const kills = Number(values.kills);
const seed = Number(values.seed);
const gapMs = Number(values.gap);
const from = Date.now();
const say = (message: string) => console.log(`${((Date.now() - from) / 1000).toFixed(1).padStart(6)} s  ${message}`);

/** Keeps five launches running until told to stop; cancels one run on the way. */
function keepLaunching(client: ConsoleClient) {
	const acknowledged: string[] = [];
	const cancelled: string[] = [];
	const rounds = new Map<number, number>();
	let stopped = false;
	const lanes = launchesOf(methods, 0).map(async (_, lane) => {
		for (let round = 1; !stopped; round += 1) {
			const request = launchesOf(methods, round)[lane];
			if (request === undefined) return;
			// An answer that is lost leaves us not knowing: what came of it is looked for in the record.
			const made = await untilAnswered(() => client.launch.create.mutate(request));
			rounds.set(lane, round);
			acknowledged.push(...made.runIds);
			if (lane === 4 && round === 1 && made.runIds[0] !== undefined) {
				const { cancelled: count } = await untilAnswered(() =>
					client.runs.cancel.mutate({ ids: made.runIds.slice(0, 1) }),
				);
				if (count > 0) cancelled.push(made.runIds[0]);
			}
			while (!stopped && (await untilAnswered(() => isUnderWay(client, made.runIds)))) await delay(1_000);
		}
	});
	return {
		acknowledged,
		cancelled,
		rounds: () => Math.max(...rounds.values()),
		stop: async () => {
			stopped = true;
			await Promise.all(lanes);
		},
	};
}

async function isUnderWay(client: ConsoleClient, ids: string[]): Promise<boolean> {
	const runs = await Promise.all(ids.map((id) => client.runs.get.query({ id })));
	return runs.some(({ status }) => status === "queued" || status === "running");
}

/** Opens the inspector again and again, so that there is a model server to kill. */
function keepInspecting(client: ConsoleClient) {
	let stopped = false;
	let answered = false;
	const ask = async (): Promise<boolean> => {
		const { rows } = await client.runs.list.query({ status: ["succeeded"], method: ["ours"] });
		const [run] = rows;
		if (run === undefined) return false;
		const [shopper] = await client.inspector.shoppers.query({ run: run.id, limit: 1 });
		if (shopper === undefined) return false;
		const { state } = await client.inspector.recommend.mutate({ run: run.id, user: shopper.user });
		return state === "ready";
	};
	const loop = (async () => {
		while (!stopped) {
			answered = await ask().catch(() => false);
			await delay(2_000);
		}
	})();
	return {
		stop: async () => {
			stopped = true;
			await loop;
		},
		/** Once nothing is killed any more it must answer. */
		atLast: async (): Promise<"answered" | "failed"> => {
			for (let tried = 0; tried < 60; tried += 1) {
				if (await ask().catch(() => false)) return "answered";
				await delay(2_000);
			}
			return answered ? "answered" : "failed";
		},
	};
}

/** Waits until every run has ended. @returns those that have not, once nothing has changed for a minute */
async function untilEnded(pool: Pool): Promise<string[]> {
	let state = "";
	let changedAt = Date.now();
	for (;;) {
		// The last kill may have been Postgres's.
		const unfinished = (await untilAnswered(() => runsOf(pool))).filter(
			({ status }) => status === "queued" || status === "running",
		);
		if (unfinished.length === 0) return [];
		const now = await untilAnswered(() => stateOf(pool));
		if (now !== state) changedAt = Date.now();
		state = now;
		if (Date.now() - changedAt > STUCK_AFTER_MS) {
			return unfinished.map(({ id, method, status }) => `run ${id} (${method}) is ${status}, and nothing moves`);
		}
		await delay(500);
	}
}

async function main(installation: Installation): Promise<boolean> {
	say(`starting in ${installation.home}`);
	await installation.start();
	const client = await installation.client();
	await makeSample(client);
	const pool = createPool(installation.databaseUrl());
	const launching = keepLaunching(client);
	const inspecting = methods === "all" ? keepInspecting(client) : null;
	const trainers = watchTrainers(installation.home);
	const starts = keepStarted(installation, say);
	const done = await killAtRandom(installation, { kills, seed, gapMs, members }, say);
	say("no more kills; waiting for what was launched");
	await launching.stop();
	const stuck = await untilEnded(pool);
	await inspecting?.stop();
	const live = inspecting === null ? "not tried" : await inspecting.atLast();
	const runs = await untilAnswered(() => runsOf(pool));
	const doubled = [...(await doubledIn(pool)), ...(await trainers.stop()).map((spec) => `two trainers on ${spec}`)];
	const known = new Set(runs.map(({ id }) => id));

	// The same again on a record without it: whatever the kills left behind must not matter either.
	say("the same, undisturbed");
	const rounds = launching.rounds();
	let reference: typeof runs = [];
	if (stuck.length === 0) {
		await client.datasets.remove.mutate({ name: DATASET, withRuns: true });
		await makeSample(client);
		for (let round = 1; round <= rounds; round += 1) {
			for (const request of launchesOf(methods, round)) await client.launch.create.mutate(request);
		}
		await untilEnded(pool);
		reference = await runsOf(pool);
	}
	await pool.end();
	await starts.stop();
	const leftRunning = await installation.stop();
	const { lines, isClean } = report({
		...{ kills: done, launches: new Set(runs.map(({ launchId }) => launchId)).size, runs, doubled, stuck, live },
		...{ missing: launching.acknowledged.filter((id) => !known.has(id)), cancelled: launching.cancelled },
		...{ reference, leftRunning, failedStarts: starts.failed },
	});
	const machine = `machine          ${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} processors`;
	const command = `command          npm run kills -- --kills ${kills} --seed ${seed} --gap ${gapMs} --methods ${methods}`;
	const text = [command, machine, ...lines, isClean ? "clean" : "NOT CLEAN"].join("\n");
	console.log(`\n${text}`);
	if (values.out) writeFileSync(values.out, `${text}\n`);
	return isClean;
}

const installation = new Installation();
// Nothing of it outlives a Ctrl-C here.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.once(signal, () => void installation.stop().finally(() => process.exit(130)));
}
let isClean = false;
try {
	isClean = await main(installation);
} catch (error) {
	console.error(explain(error));
} finally {
	await installation.stop();
}
if (isClean) installation.remove();
else console.error(`What it left is in ${installation.home}.`);
process.exit(isClean ? 0 : 1);
