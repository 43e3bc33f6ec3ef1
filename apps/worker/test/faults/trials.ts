import { setTimeout as delay } from "node:timers/promises";
import { openStore } from "@atelier/store";
import { doubledIn } from "../../../../e2e/kills/record-checks";
import { seeded } from "../../../../e2e/kills/seeded";
import { markedProcesses } from "../../../../scripts/lib/marked-processes.mjs";
import { hasCheckpoint } from "../../src/stages/earlier-checkpoint";
import { until } from "../support/workplace";
import { type RemotePlace, withEpochs } from "./remote-place";

const ENOUGH_MS = 600_000;

/** What came of a trial: how often it happened, and each thing that should not have been. */
export interface Outcome {
	name: string;
	happened: string;
	problems: string[];
}

interface AttemptRow {
	stageKey: string;
	status: string;
	error: string | null;
}

/** Time-outs and resets on both ways while stages run there: none is begun twice, and no event is lost or doubled. */
export async function connectionFaults(remote: RemotePlace, count: number): Promise<Outcome> {
	const { ray, artifacts } = remote.proxies;
	const done = () => ray.done.length + artifacts.done.length;
	const runs: string[] = [];
	for (const proxy of [ray, artifacts]) proxy.hurt(true);
	for (let seed = 1; done() < count && seed < 40; seed += 1) {
		const launched = await remote.launch(["popularity", "gru4rec", "sasrec"], seed, withEpochs(remote.preset, 3));
		runs.push(...launched);
		await ended(remote, launched);
	}
	for (const proxy of [ray, artifacts]) proxy.hurt(false);
	const kinds = [...ray.done, ...artifacts.done].reduce<Record<string, number>>((counts, fault) => {
		counts[fault] = (counts[fault] ?? 0) + 1;
		return counts;
	}, {});
	const told = Object.entries(kinds).map(([kind, times]) => `${times} ${kind}`);
	return {
		name: "connections",
		happened: `${done()} faults in ${runs.length} runs: ${told.join(", ")}`,
		problems: [
			...(done() < count ? [`only ${done()} of ${count} faults came about`] : []),
			...(await problemsOf(remote, runs, 1)),
		],
	};
}

/** Something of the cluster ends under a stage: it is made once more, by one new attempt, and never by two at a time. */
export async function clusterFault(remote: RemotePlace, what: "raylet" | "head", seed: number): Promise<Outcome> {
	const runs = await remote.launch(["sasrec"], seed, withEpochs(remote.preset, 150));
	const attempt = await training(remote, runs);
	await until("a checkpoint of it is here", () => hasCheckpoint(attemptFolder(remote, attempt)), ENOUGH_MS);
	const twice = watchForTwo(remote);
	if (what === "raylet") {
		remote.head.kill("raylet");
		// A single node without its raylet is no cluster: whoever looks after it starts it again.
		await delay(3_000);
	}
	await remote.head.restart();
	await ended(remote, runs);
	const problems = [...(await problemsOf(remote, runs, 2)), ...(await twice.stop())];
	const { db } = remote.place;
	const first = await db.attempt.findUniqueOrThrow({ where: { id: attempt.id } });
	// Given back without a failure counted, since it left a checkpoint.
	if (first.status !== "cancelled") problems.push(`the attempt that was hit is ${first.status}: ${first.error}`);
	const words = { path: ["message"], string_starts_with: "resumed at step" };
	const resumed = await db.stageEvent.findFirst({
		where: { type: "log", payload: words, attempt: { stageKey: attempt.stageKey, number: 2 } },
	});
	if (resumed === null) problems.push("the next attempt did not go on from the checkpoint");
	const from = resumed === null ? "" : `, ${String(Object(resumed.payload).message)}`;
	return { name: `${what} killed`, happened: `1 in the middle of a training${from}`, problems };
}

/** The worker is killed while stages run on the host: the next one goes on with them. */
export async function workerKills(remote: RemotePlace, kills: number, seed: number): Promise<Outcome> {
	const draw = seeded(seed);
	const runs: string[] = [];
	const twice = watchForTwo(remote);
	let killed = 0;
	for (let round = 0; killed < kills; round += 1) {
		const launched = await remote.launch(["gru4rec", "sasrec"], seed + round, withEpochs(remote.preset, 40));
		runs.push(...launched);
		while (killed < kills && !(await haveEnded(remote, launched))) {
			await delay(500 + 5_000 * draw());
			await remote.worker.kill();
			killed += 1;
		}
		await ended(remote, launched);
	}
	const problems = [...(await problemsOf(remote, runs, 1)), ...(await twice.stop())];
	return { name: "worker killed", happened: `${killed} times in ${runs.length} runs`, problems };
}

interface TrainingAttempt {
	id: string;
	stageKey: string;
	path: string;
}

const attemptFolder = ({ place }: RemotePlace, { path }: TrainingAttempt) =>
	openStore({ home: place.home }).draft(path);

/** @returns the attempt that trains on the host, once it says so */
async function training({ place }: RemotePlace, runs: readonly string[]): Promise<TrainingAttempt> {
	const event = await until(
		"a stage trains on the host",
		() =>
			place.db.stageEvent.findFirst({
				where: {
					type: "metric",
					attempt: { status: "running", stage: { runs: { some: { runId: { in: [...runs] } } } } },
				},
				select: { attempt: { select: { id: true, stageKey: true, path: true } } },
			}),
		ENOUGH_MS,
	);
	return event.attempt;
}

export async function haveEnded({ place }: RemotePlace, runs: readonly string[]): Promise<boolean> {
	const open = { id: { in: [...runs] }, status: { in: ["queued" as const, "running" as const] } };
	return (await place.db.run.count({ where: open })) === 0;
}

export async function ended(remote: RemotePlace, runs: readonly string[]): Promise<void> {
	await until("the runs have ended", () => haveEnded(remote, runs), ENOUGH_MS);
}

async function problemsOf({ place, pool }: RemotePlace, runs: readonly string[], most: number): Promise<string[]> {
	const of = { runs: { some: { runId: { in: [...runs] } } } };
	const failed = await place.db.run.findMany({ where: { id: { in: [...runs] }, status: { not: "succeeded" } } });
	const { rows } = await pool.query<AttemptRow>(`
		SELECT stage_key AS "stageKey", status::text, error FROM attempt WHERE host <> 'local' ORDER BY started_at`);
	const keys = new Set((await place.db.stage.findMany({ where: of, select: { key: true } })).map(({ key }) => key));
	const counts = new Map<string, AttemptRow[]>();
	for (const row of rows)
		if (keys.has(row.stageKey)) counts.set(row.stageKey, [...(counts.get(row.stageKey) ?? []), row]);
	return [
		...failed.map(({ id, status, error }) => `run ${id} is ${status}: ${error}`),
		...[...counts].flatMap(([key, attempts]) => {
			if (attempts.length <= most) return [];
			return [`stage ${key} was begun ${attempts.length} times: ${attempts.map(({ error }) => error).join("; ")}`];
		}),
		...(counts.size === 0 ? ["no stage ran on the host"] : []),
		...(await doubledIn(pool)),
	];
}

/** Looks, until told to stop, for two processes of one stage that could both publish. */
function watchForTwo({ place }: RemotePlace): { stop: () => Promise<string[]> } {
	const found = new Set<string>();
	let stopped = false;
	const watching = (async () => {
		while (!stopped) {
			const running = await place.db.attempt.groupBy({ by: ["stageKey"], where: { status: "running" }, _count: true });
			for (const { stageKey, _count } of running) if (_count > 1) found.add(`two attempts of ${stageKey} at once`);
			const live = await place.db.attempt.findMany({ where: { status: "running" }, select: { id: true } });
			for (const { id } of live) {
				const runs = markedProcesses({ mark: `ATELIER_REMOTE_ATTEMPT=${id}` }).filter(({ command }) =>
					command.includes(" run "),
				);
				if (runs.length > 1) found.add(`attempt ${id} runs ${runs.length} times`);
			}
			await delay(500);
		}
	})();
	return {
		stop: async () => {
			stopped = true;
			await watching;
			return [...found];
		},
	};
}
