import { randomUUID } from "node:crypto";
import { type Rank, summariseRanks } from "@atelier/core";
import { named, readPresets } from "../src/suites";
import type { Console } from "./console";

export interface RunSeed {
	datasetId: string;
	method: string;
	variant?: string;
	setting?: string;
	seed?: number;
	preset?: string;
	maskSeen?: boolean;
	/** Rank of the ground truth of users 1, 2, …; null where it is not ranked. */
	ranks: readonly Rank[];
	/** Number of the first example, which a split of its own may count otherwise. */
	firstExample?: number;
}

/** A succeeded run with its predictions and the figures that follow from them, as a worker would leave it. */
export async function seedRun({ services: { db, suitesDir } }: Console, run: RunSeed): Promise<string> {
	const { datasetId, method, variant = "full", setting = "full", seed = 1, ranks, firstExample = 0 } = run;
	const base = named("preset", await readPresets(suitesDir), "miniature");
	const evaluate = { ...base.evaluate, maskSeen: run.maskSeen ?? base.evaluate.maskSeen };
	const preset = run.preset ?? base.name;
	const config = { ...base, name: preset, evaluate };
	const launch = await db.launch.create({ data: { id: randomUUID(), suite: "test", preset, request: {} } });
	const coordinates = { datasetId, method, variant, setting, seed, preset };
	const { id } = await db.run.create({
		data: { id: randomUUID(), launchId: launch.id, ...coordinates, config, status: "succeeded" },
	});
	const { count, metrics } = summariseRanks(ranks, { k: 10, samples: 200, seed: 1 });
	await db.metric.createMany({
		data: Object.entries(metrics).map(([name, interval]) => ({ runId: id, name, count, ...interval })),
	});
	await db.prediction.createMany({
		data: ranks.map((rank, i) => ({
			runId: id,
			exampleId: firstExample + i,
			userId: i + 1,
			groundTruth: 1 + (i % 7),
			rank,
			items: [],
			origins: [],
			cold: false,
		})),
	});
	return id;
}

/** Ranks of `users` users, of whom each `every`-th is hit at `rank`. */
export const hits = (users: number, every: number, rank = 1): Rank[] =>
	Array.from({ length: users }, (_, user) => (user % every === 0 ? rank : null));
