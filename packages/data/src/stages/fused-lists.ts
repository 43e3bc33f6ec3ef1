import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
	AppError,
	featureNames,
	headFirst,
	type ItemFacts,
	likelihoodFirst,
	poolOf,
	type RerankerModel,
	reciprocalRankFusion,
	rerank,
	rerankerModel,
	type ScoredFeature,
	type StageParams,
	writeFeatures,
} from "@atelier/core";
import type { DuckDb } from "../duckdb";
import { inputFolder, type StageResult } from "./context";
import { type FusionRow, type FusionRowsRequest, fusionRowsOf } from "./fusion-rows";
import { itemFactsOf } from "./item-facts";
import { type RankedList, ranked } from "./ranked-list";

type FusionParams = NonNullable<StageParams<"evaluate">["fusion"]>;

/** Weights told in the stage's result, the largest in size. */
const TOLD_WEIGHTS = 6;

export interface FusedRanking {
	/** Rankings of the test examples, in batches. */
	lists: AsyncGenerator<RankedList[]>;
	/** What the stage's result tells of how they were made. */
	result: StageResult;
}

export interface FusionRequest {
	inputs: Record<string, string>;
	params: StageParams<"evaluate">;
}

/**
 * `ours-plus`: one ranking out of stored lists, by the strategy asked for. The re-ranker is that of the input `reranker`.
 *
 * @throws AppError BAD_REQUEST without fusion parameters, BAD_DATA when the re-ranker is not one of these lists.
 */
export async function fuseLists(db: DuckDb, { inputs, params }: FusionRequest): Promise<FusedRanking> {
	const { fusion, maskSeen } = params;
	if (fusion === null) throw new AppError("BAD_REQUEST", "Stage evaluate, fusion: the source fusion needs it.");
	const test = { inputs, fusion, part: "test" as const, onlyCold: params.examples === "cold", maskSeen };
	if (fusion.strategy !== "reranker") return { lists: rankedBy(db, test, strategyOf(fusion)), result: {} };
	const facts = await itemFactsOf(db, { dataset: inputFolder(inputs, "dataset"), split: inputFolder(inputs, "split") });
	const model = await readReranker(inputs, featureNames(fusion.lists));
	const largest = model.features.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, TOLD_WEIGHTS);
	return {
		lists: rankedBy(db, test, rerankerStrategy(fusion, model.features, facts)),
		result: {
			"reranker.examples": model.examples,
			"reranker.fittedOn": model.fittedOn,
			"reranker.penalty": model.penalty,
			...Object.fromEntries(largest.map(({ name, weight }) => [`reranker.weight.${name}`, weight])),
		},
	};
}

/** @throws AppError BAD_DATA when the model was fitted on other features than `names`. */
async function readReranker(inputs: Record<string, string>, names: readonly string[]): Promise<RerankerModel> {
	const text = await readFile(join(inputFolder(inputs, "reranker"), "reranker.json"), "utf8");
	const model = rerankerModel.parse(JSON.parse(text));
	if (model.features.length === names.length && model.features.every(({ name }, f) => name === names[f])) return model;
	throw new AppError(
		"BAD_DATA",
		"The re-ranker was fitted on other features than this version knows: launch again to have it fitted anew.",
	);
}

type Strategy = (row: FusionRow) => number[];

async function* rankedBy(db: DuckDb, request: FusionRowsRequest, strategy: Strategy): AsyncGenerator<RankedList[]> {
	for await (const rows of fusionRowsOf(db, request)) {
		yield rows.map((row) => ranked(row.example, strategy(row), "fusion"));
	}
}

function strategyOf(fusion: FusionParams): Strategy {
	const fused: Strategy = (row) => reciprocalRankFusion(row.lists, fusion.rrfConstant);
	return fusion.strategy === "likelihood" ? (row) => likelihoodFirst(row.candidates, fused(row)) : fused;
}

/** The pool by the model, then what else the lists hold by reciprocal rank. */
function rerankerStrategy(fusion: FusionParams, model: readonly ScoredFeature[], facts: ItemFacts): Strategy {
	const features = model.length;
	let values = new Float64Array(0);
	return (row) => {
		const pool = poolOf(row.lists, fusion.poolLength);
		if (values.length < pool.length * features) values = new Float64Array(2 * pool.length * features);
		writeFeatures(row, pool, facts, values, 0);
		return headFirst(rerank(model, pool, values), reciprocalRankFusion(row.lists, fusion.rrfConstant));
	};
}
