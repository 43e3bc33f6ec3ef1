/** What the way to a Ray host costs: see bench/README.md. */
import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { cpus, release, type } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { METHOD_IDS, type Method, receipt, remoteFile, transferFacts } from "@atelier/core";
import { openRemotePlace, type RemotePlace } from "../apps/worker/test/faults/remote-place";
import { ended } from "../apps/worker/test/faults/trials";
import { home } from "../scripts/lib/paths.mjs";
import { installRay } from "../scripts/lib/ray-environment.mjs";

const { values } = parseArgs({
	options: { users: { type: "string", default: "60" }, methods: { type: "string" }, out: { type: "string" } },
});
const methods: readonly Method[] = METHOD_IDS.filter((id) => values.methods?.split(",").includes(id) ?? true);
const python = process.env.ATELIER_TRAINER_PYTHON ?? join(home, "venvs", "trainer", "bin", "python");

interface StageCost {
	kind: string;
	/** From submission to commit, less what the stage's own work took. */
	addedSeconds: number;
	workSeconds: number;
	fetchedBytes: number;
	reusedBytes: number;
	publishedBytes: number;
}

/** Of every stage that the trainer made in this place: what it took beyond its own work, and what travelled. */
async function costs({ place }: RemotePlace): Promise<StageCost[]> {
	const attempts = await place.db.attempt.findMany({
		where: { status: "succeeded", stage: { kind: { notIn: ["split", "memory", "prompts", "parse", "evaluate"] } } },
		include: { stage: true },
		orderBy: { startedAt: "asc" },
	});
	return Promise.all(
		attempts.map(async ({ path, startedAt, finishedAt, stage }) => {
			const folder = join(place.home, "store", path);
			const { durationMs } = receipt.parse(JSON.parse(await readFile(join(folder, "receipt.json"), "utf8")));
			const moved = await readFile(join(folder, remoteFile.transfer), "utf8").catch(() => null);
			const facts = moved === null ? null : transferFacts.parse(JSON.parse(moved));
			const wallMs = (finishedAt?.getTime() ?? 0) - startedAt.getTime();
			return {
				kind: stage.kind,
				addedSeconds: (wallMs - durationMs) / 1000,
				workSeconds: durationMs / 1000,
				fetchedBytes: facts?.fetchedBytes ?? 0,
				reusedBytes: facts?.reusedBytes ?? 0,
				publishedBytes: facts?.publishedBytes ?? 0,
			};
		}),
	);
}

/** Method → its figures, as text. */
async function metricsOf({ place }: RemotePlace): Promise<Map<string, string>> {
	const runs = await place.db.run.findMany({
		include: { metrics: { orderBy: [{ slice: "asc" }, { name: "asc" }] } },
		orderBy: { createdAt: "asc" },
	});
	return new Map(
		runs.map(({ method, status, metrics }) => [
			method,
			`${status} ${metrics.map(({ slice, name, value, low, high }) => [slice, name, value, low, high].join(" ")).join("; ")}`,
		]),
	);
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const rounded = (number: number) => Math.round(number * 100) / 100;

async function measure(onHost: string | undefined) {
	const remote = await openRemotePlace({ python, users: Number(values.users) });
	try {
		await ended(remote, await remote.launch(methods, 1, remote.preset, onHost));
		const first = { costs: await costs(remote), metrics: await metricsOf(remote) };
		const read = remote.artifacts.asked.flatMap(
			({ path }) => /\/get\/[^/]+\/(?!.*\.remote)(.+)$/.exec(path)?.[1] ?? [],
		);
		const attempts = await remote.place.db.attempt.count();
		// The same again, here: nothing is left to do.
		const again = await remote.launch(methods, 1, remote.preset, "local");
		await ended(remote, again);
		const stages = await remote.place.db.runStage.findMany({ where: { runId: { in: again } } });
		return {
			...first,
			fetchedTwice: read.length - new Set(read).size,
			reusedAfterwards: `${stages.filter(({ reused }) => reused).length} of ${stages.length}`,
			attemptsAfterwards: (await remote.place.db.attempt.count()) - attempts,
			away: await remote.place.db.attempt.count({ where: { host: { not: "local" } } }),
		};
	} finally {
		await remote.close();
	}
}

// The test's Postgres is nothing that a program waits for.
setInterval(() => undefined, 60_000);
const why = await installRay();
if (why !== null) throw new Error(`Ray cannot be had: ${why}`);
const there = await measure(undefined);
const here = await measure("local");
const added = there.costs.map(({ addedSeconds }) => addedSeconds);
const local = here.costs.map(({ addedSeconds }) => addedSeconds);
const document = {
	benchmark: "remote-path",
	at: new Date().toISOString(),
	machine: { cpu: cpus()[0]?.model ?? "", cores: cpus().length, system: `${type()} ${release()}` },
	workload: { suite: "table2", preset: "miniature", shoppers: Number(values.users), methods },
	stages: there.costs.length,
	stagesOnTheHost: there.away,
	metricsEqual: methods.filter((method) => there.metrics.get(method) === here.metrics.get(method)),
	metricsDifferent: methods.filter((method) => there.metrics.get(method) !== here.metrics.get(method)),
	thenLocally: { stagesReused: there.reusedAfterwards, attempts: there.attemptsAfterwards },
	secondsBesideTheWork: {
		remote: { median: rounded(median(added)), most: rounded(Math.max(...added)) },
		local: { median: rounded(median(local)), most: rounded(Math.max(...local)) },
		addedAStage: rounded((sum(added) - sum(local)) / added.length),
	},
	bytes: {
		fetched: sum(there.costs.map(({ fetchedBytes }) => fetchedBytes)),
		foundInTheCache: sum(there.costs.map(({ reusedBytes }) => reusedBytes)),
		filesFetchedTwice: there.fetchedTwice,
		published: sum(there.costs.map(({ publishedBytes }) => publishedBytes)),
	},
	each: there.costs.map((cost) => ({
		...cost,
		addedSeconds: rounded(cost.addedSeconds),
		workSeconds: rounded(cost.workSeconds),
	})),
};
const text = `${JSON.stringify(document, null, 1)}\n`;
writeFileSync(values.out ?? new URL("results/remote-path.json", import.meta.url), text);
console.log(text);
process.exit(0);
