import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError, featureNames, poolOf, writeFeatures } from "@atelier/core";
import { inputFolder, openStageDatabase, type StageContext, type StageResult } from "./context";
import { fusionRowsOf } from "./fusion-rows";
import { itemFactsOf } from "./item-facts";

/**
 * What the re-ranker of `ours-plus` is fitted on: the pool of every validation example that has a generation, warm and
 * cold (a model of cold ones alone would have seen next to nothing), with its items' features. Writes `pools.parquet`
 * and `features.json`.
 *
 * @throws AppError BAD_DATA when there is nothing to fit a re-ranker on.
 */
export async function runPoolsStage(context: StageContext<"pools">): Promise<StageResult> {
	const { inputs, output, params } = context;
	const { lists, poolLength, maskSeen } = params;
	const names = featureNames(lists);
	const db = await openStageDatabase(context);
	try {
		const facts = await itemFactsOf(db, {
			dataset: inputFolder(inputs, "dataset"),
			split: inputFolder(inputs, "split"),
		});
		const writer = await db.writer("pools", {
			example_id: "integer",
			target: "integer",
			items: "integers",
			features: "doubles",
		});
		let examples = 0;
		let usable = 0;
		const fusion = { strategy: "reranker" as const, lists };
		for await (const rows of fusionRowsOf(db, { inputs, fusion, part: "valid", onlyCold: false, maskSeen })) {
			for (const row of rows) {
				const pool = poolOf(row.lists, poolLength);
				const values = new Float64Array(pool.length * names.length);
				writeFeatures(row, pool, facts, values, 0);
				const target = pool.indexOf(row.example.target_item);
				writer.append([row.example.example_id, target, pool, [...values]]);
				examples += 1;
				usable += target === -1 ? 0 : 1;
			}
		}
		await writer.close();
		if (usable === 0) throw new AppError("BAD_DATA", whyNothing(examples));
		await db.writeParquet("FROM pools ORDER BY example_id", join(output, "pools.parquet"));
		await writeFile(join(output, "features.json"), `${JSON.stringify({ contract: 1, names }, null, "\t")}\n`);
		return { examples, withGroundTruth: usable };
	} finally {
		db.close();
	}
}

function whyNothing(examples: number): string {
	return examples === 0
		? "The re-ranker is fitted on validation examples, and none has a generation. Launch with generate.validPrompts above 0, or with fusion.strategy=rrf."
		: `The re-ranker has nothing to be fitted on: no pool of the ${examples} validation examples holds its ground truth. Launch with fusion.strategy=rrf.`;
}
