import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
	AppError,
	featureNames,
	fitReranker,
	headFirst,
	type ItemFacts,
	likelihoodFirst,
	poolOf,
	type RankingRows,
	type Reranker,
	reciprocalRankFusion,
	rerank,
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
	output: string;
	params: StageParams<"evaluate">;
}

/**
 * `ours-plus`: one ranking out of stored lists, by the strategy asked for. The re-ranker is fitted on the validation
 * examples that have generations, and written to `reranker.json`; the test examples are then read once.
 *
 * @throws AppError BAD_REQUEST without fusion parameters, BAD_DATA when a re-ranker has nothing to be fitted on.
 */
export async function fuseLists(db: DuckDb, { inputs, output, params }: FusionRequest): Promise<FusedRanking> {
	const { fusion, maskSeen } = params;
	if (fusion === null) throw new AppError("BAD_REQUEST", "Stage evaluate, fusion: the source fusion needs it.");
	const test = { inputs, fusion, part: "test" as const, onlyCold: params.examples === "cold", maskSeen };
	if (fusion.strategy !== "reranker") return { lists: rankedBy(db, test, strategyOf(fusion)), result: {} };
	const facts = await itemFactsOf(db, { dataset: inputFolder(inputs, "dataset"), split: inputFolder(inputs, "split") });
	// All validation examples, warm and cold: a model of cold ones alone would have seen next to nothing.
	const valid = { inputs, fusion, part: "valid" as const, onlyCold: false, maskSeen };
	const { model, examples } = await fitted(db, valid, facts);
	const names = featureNames(fusion.lists);
	const features = names.map((name, f) => ({
		name,
		weight: model.weights[f] ?? 0,
		deviation: model.deviations[f] ?? 1,
	}));
	const { penalty, crossValidation, fittedOn } = model;
	const stored = {
		lists: fusion.lists,
		poolLength: fusion.poolLength,
		examples,
		fittedOn,
		penalty,
		crossValidation,
		features,
	};
	await writeFile(join(output, "reranker.json"), `${JSON.stringify(stored, null, "\t")}\n`);
	const largest = features.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, TOLD_WEIGHTS);
	return {
		lists: rankedBy(db, test, rerankerStrategy(fusion, model, facts)),
		result: {
			"reranker.examples": examples,
			"reranker.fittedOn": fittedOn,
			"reranker.penalty": penalty,
			...Object.fromEntries(largest.map(({ name, weight }) => [`reranker.weight.${name}`, weight])),
		},
	};
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
function rerankerStrategy(fusion: FusionParams, model: Reranker, facts: ItemFacts): Strategy {
	const features = model.weights.length;
	let values = new Float64Array(0);
	return (row) => {
		const pool = poolOf(row.lists, fusion.poolLength);
		if (values.length < pool.length * features) values = new Float64Array(2 * pool.length * features);
		writeFeatures(row, pool, facts, values, 0);
		return headFirst(rerank(model, pool, values), reciprocalRankFusion(row.lists, fusion.rrfConstant));
	};
}

async function fitted(
	db: DuckDb,
	request: FusionRowsRequest,
	facts: ItemFacts,
): Promise<{ model: Reranker; examples: number }> {
	const { lists, poolLength } = request.fusion;
	const features = featureNames(lists).length;
	const chunks: Float64Array[] = [];
	const starts: number[] = [0];
	const targets: number[] = [];
	for await (const rows of fusionRowsOf(db, request)) {
		for (const row of rows) {
			const pool = poolOf(row.lists, poolLength);
			const values = new Float64Array(pool.length * features);
			writeFeatures(row, pool, facts, values, 0);
			const start = starts.at(-1) ?? 0;
			const place = pool.indexOf(row.example.target_item);
			chunks.push(values);
			targets.push(place === -1 ? -1 : start + place);
			starts.push(start + pool.length);
		}
	}
	const model = fitReranker(rowsOf(chunks, features, starts, targets));
	if (model !== null) return { model, examples: targets.length };
	throw new AppError(
		"BAD_DATA",
		targets.length === 0
			? "The re-ranker is fitted on validation examples, and none has a generation. Launch with generate.validPrompts above 0, or with fusion.strategy=rrf."
			: `The re-ranker has nothing to be fitted on: no pool of the ${targets.length} validation examples holds its ground truth. Launch with fusion.strategy=rrf.`,
	);
}

function rowsOf(
	chunks: readonly Float64Array[],
	features: number,
	starts: readonly number[],
	targets: readonly number[],
): RankingRows {
	const values = new Float64Array((starts.at(-1) ?? 0) * features);
	let at = 0;
	for (const chunk of chunks) {
		values.set(chunk, at);
		at += chunk.length;
	}
	return { values, features, starts: Uint32Array.from(starts), targets: Int32Array.from(targets) };
}
