import { setTimeout as delay } from "node:timers/promises";
import { TRPCClientError } from "@trpc/client";
import type { ConsoleClient } from "../console/console-client";
import { OVERRIDES } from "../console/small-launch";

export const SHOPPERS = 100;
export const DATASET = "kills-luggage-bags";

/** Takes seconds a stage; what is learned is of no interest, only that it is the same each time. */
const QUICK = Object.fromEntries(
	[
		...OVERRIDES,
		"prompts.trainPrompts=60",
		"generate.validPrompts=10",
		...["gru4rec", "sasrec", "bert4rec", "nextitnet", "core"].map((model) => `baselines.${model}.maxEpochs=2`),
	].map((override): [string, number] => {
		const [name = "", value] = override.split("=");
		return [name, Number(value)];
	}),
);

/** Five launches that share stages. `cheap` ones need no language model and no text encoder. */
const LAUNCHES: Record<"cheap" | "all", string[][]> = {
	cheap: [["popularity"], ["popularity", "gru4rec"], ["gru4rec", "sasrec"], ["sasrec", "popularity"], ["gru4rec"]],
	all: [["ours", "popularity"], ["ours", "memory"], ["sasrec", "gru4rec"], ["ours-no-llm", "core"], ["ours-plus"]],
};
export type Methods = keyof typeof LAUNCHES;

/** Methods without learning: their figures may not differ by a digit, whatever happened. */
export const DETERMINISTIC = ["popularity", "memory", "ours-no-llm"];

/**
 * The launches of a round. Rounds differ by seed, so that each has work of its own; the later ones, with which launches
 * that have ended are followed up, are cheap.
 */
export function launchesOf(methods: Methods, round: number) {
	return LAUNCHES[round > 1 ? "cheap" : methods].map((chosen) => ({
		suite: "table2",
		datasets: [DATASET],
		methods: chosen,
		seeds: [round],
		set: QUICK,
	}));
}

/** Asks until it is answered: that the console or the record is away is what is tried here. */
export async function untilAnswered<Answer>(ask: () => Promise<Answer>, withinMs = 900_000): Promise<Answer> {
	const until = Date.now() + withinMs;
	for (;;) {
		try {
			return await ask();
		} catch (error) {
			const status = error instanceof TRPCClientError ? error.data?.httpStatus : undefined;
			const isRefused = typeof status === "number" && status < 500;
			if (isRefused || Date.now() > until) throw error;
			await delay(300);
		}
	}
}

export async function makeSample(client: ConsoleClient): Promise<void> {
	await client.datasets.sample.mutate({ name: "kills", users: SHOPPERS, categories: ["luggage-bags"] });
	for (;;) {
		const { status } = await untilAnswered(() => client.datasets.get.query({ name: DATASET }));
		if (status === "ready") return;
		if (status === "failed") throw new Error("The sample could not be made.");
		await delay(300);
	}
}
