import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError, type Rank, summariseRanks } from "@atelier/core";
import { openStageDatabase, type StageContext, type StageResult } from "./context";
import { fuseLists } from "./fused-lists";
import { generationHealthOf } from "./generation-health";
import { rankedListsOf } from "./ranked-lists";

/**
 * Ranks of the ground truth and what follows from them. The ranking comes from a baseline's exact ranks, the memory's
 * order, the mixup of the id and title lists, or their fusion, by `source`. Writes `predictions.parquet` and
 * `metrics.json`; where the parsed generations and prompts are given too, the result tells how the model answers.
 *
 * @throws AppError BAD_DATA when no test example is cold and only those are asked for.
 */
export async function runEvaluateStage(context: StageContext<"evaluate">): Promise<StageResult> {
	const { inputs, output, params, report, seed } = context;
	const db = await openStageDatabase(context);
	try {
		const writer = await db.writer("predictions", {
			example_id: "integer",
			user_id: "integer",
			ground_truth: "integer",
			rank: "integer",
			items: "integers",
			origins: "words",
			cold: "flag",
		});
		const ranks: Rank[] = [];
		const cold: Rank[] = [];
		const warm: Rank[] = [];
		const targets = new Set<number>();
		let unranked = 0;
		const fused = params.source === "fusion" ? await fuseLists(db, { inputs, params }) : null;
		for await (const rows of fused?.lists ?? rankedListsOf(db, inputs, params)) {
			for (const row of rows) {
				writer.append([row.exampleId, row.userId, row.groundTruth, row.rank, row.items, row.origins, row.cold]);
				ranks.push(row.rank);
				targets.add(row.groundTruth);
				(row.cold ? cold : warm).push(row.rank);
				// A file of ranks alone has no lists.
				if (row.items.length === 0 && row.rank === null) unranked += 1;
			}
		}
		await writer.close();
		if (ranks.length === 0 && params.examples === "cold") {
			throw new AppError(
				"BAD_DATA",
				"No test example is cold: training holds every ground truth. Leave the setting cold-start out for this dataset.",
			);
		}
		if (ranks.length === 0) {
			throw new AppError("BAD_DATA", "There is no test example, so nothing was measured: run the split stage again.");
		}
		await db.writeParquet("FROM predictions ORDER BY example_id", join(output, "predictions.parquet"));
		if (unranked > 0) {
			report({
				type: "warning",
				payload: { message: `${unranked} of ${ranks.length} test examples have no ranking and count as missed.` },
			});
		}
		if (targets.size === 1 && ranks.length > 1) {
			const message = `All ${ranks.length} test examples have the same ground truth: a method that knows it needs no history`;
			report({ type: "warning", payload: { message, code: "one-target" } });
		}
		const options = { k: params.k, samples: params.bootstrapSamples, seed };
		const all = summariseRanks(ranks, options);
		const slices = { cold: summariseRanks(cold, options), warm: summariseRanks(warm, options) };
		await writeFile(join(output, "metrics.json"), `${JSON.stringify({ ...all, slices }, null, "\t")}\n`);
		for (const [name, { value }] of Object.entries(all.metrics)) {
			report({ type: "metric", payload: { name, value, step: 0, split: "test" } });
		}
		const values = Object.entries(all.metrics).map(([name, { value }]) => [name, value] as const);
		const isJudged = inputs.parse !== undefined && inputs.prompts !== undefined;
		return {
			count: all.count,
			coldCount: slices.cold.count,
			unranked,
			...Object.fromEntries(values),
			...fused?.result,
			...(isJudged ? await generationHealthOf(db, inputs) : {}),
		};
	} finally {
		db.close();
	}
}
