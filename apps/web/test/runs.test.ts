import { describe, expect, test } from "vitest";
import { spreadLabels } from "~/features/charts/spread-labels";
import { applyMetric, type FollowedEvent, logLineOf } from "~/features/runs/apply-run-event";
import { metricTitle, prepareCurves, ticksOf } from "~/features/runs/prepare-curves";
import { prepareHealth } from "~/features/runs/prepare-health";
import { describeReranker, prepareReranker } from "~/features/runs/prepare-reranker";
import type { MetricSeries } from "~/features/runs/run-types";
import { chooseStage, stageRef } from "~/features/runs/run-view";

const at = new Date("2026-11-23T20:00:00Z");
const metric = (step: number, value: number): FollowedEvent => ({
	stageKey: "k",
	type: "metric",
	at,
	payload: { name: "loss", value, step, split: "train" },
});

describe("events of a run under way", () => {
	test("a metric joins its curve in order of steps", () => {
		const series = [metric(2, 0.5), metric(1, 0.9)].reduce<MetricSeries[]>(applyMetric, []);
		expect(series).toEqual([
			{
				name: "loss",
				split: "train",
				points: [
					{ step: 1, value: 0.9 },
					{ step: 2, value: 0.5 },
				],
			},
		]);
	});
	test("an event that comes twice doubles nothing", () => {
		const once = applyMetric([], metric(1, 0.9));
		expect(applyMetric(once, metric(1, 0.9))).toEqual(once);
	});
	test("a payload that is not the contract's is left out", () => {
		expect(applyMetric([], { ...metric(1, 1), payload: { name: "loss" } })).toEqual([]);
		expect(logLineOf({ ...metric(1, 1), type: "log", payload: {} }, "7", 1)).toBeNull();
	});
	test("a warning becomes a log line of its own level", () => {
		const event: FollowedEvent = { stageKey: "k", type: "warning", at, payload: { message: "short of memory" } };
		expect(logLineOf(event, "7", 2)).toEqual({ id: "7", attempt: 2, at, level: "warning", message: "short of memory" });
	});
});

describe("curves", () => {
	const series: MetricSeries[] = [
		{
			name: "loss",
			split: "train",
			points: [
				{ step: 1, value: 8 },
				{ step: 3, value: 2 },
			],
		},
		{ name: "loss", split: "valid", points: [{ step: 3, value: 3 }] },
		{ name: "ndcg@10", split: "valid", points: [{ step: 3, value: 0.1 }] },
		{ name: "recall@10", split: "valid", points: [{ step: 3, value: 0.2 }] },
		{ name: "empty", split: null, points: [] },
	];
	const charts = prepareCurves(series);
	test("splits of a metric share a chart, ranking metrics share one, nothing is drawn from no points", () => {
		expect(charts.map(({ id, curves }) => [id, curves.map(({ label }) => label)])).toEqual([
			["loss", ["train", "valid"]],
			["ranking", ["NDCG@10", "Recall@10"]],
		]);
	});
	test("a step that one curve lacks has no value for it", () => {
		expect(charts[0]?.rows).toEqual([
			{ step: 1, "loss train": 8 },
			{ step: 3, "loss train": 2, "loss valid": 3 },
		]);
	});
	test("the caption says what the points say", () => {
		expect(charts[0]?.caption).toBe("Loss (train) went from 8.000 to 2.000 over 3 steps.");
	});
	test("the value axis of a metric that is 0 throughout still has a height", () => {
		const zero: MetricSeries[] = [{ name: "recall@10", split: "valid", points: [{ step: 1, value: 0 }] }];
		expect(ticksOf(zero, true)).toEqual([0, 0.025]);
	});
	test("ticks are round and span the values", () => {
		const loss: MetricSeries[] = [
			{
				name: "loss",
				split: null,
				points: [
					{ step: 1, value: 6.56 },
					{ step: 2, value: 6.73 },
				],
			},
		];
		expect(ticksOf(loss, false)).toEqual([6.55, 6.6, 6.65, 6.7, 6.75]);
	});
	test("labels of lines that end together are set apart, the others stay", () => {
		const shifts = spreadLabels([1, 1, 5], 100, 15);
		expect(Math.abs((shifts[0] ?? 0) - (shifts[1] ?? 0))).toBeCloseTo(15);
		expect(spreadLabels([1, 5], 100, 15)).toEqual([0, 0]);
	});
	test("metrics are titled as the field writes them", () => {
		expect(["recall@10", "ndcg@10", "mrr@10", "tokens_per_second"].map(metricTitle)).toEqual([
			"Recall@10",
			"NDCG@10",
			"MRR@10",
			"Tokens a second",
		]);
	});
});

describe("the stage that a run's page opens", () => {
	const stages = [
		{ kind: "split", key: "a1", status: "succeeded" },
		{ kind: "baseline", key: "b2", status: "succeeded" },
		{ kind: "evaluate", key: "c3", status: "failed" },
	] as const;
	test("the one asked for", () => expect(chooseStage(stages, "split")?.kind).toBe("split"));
	test("else what failed", () => expect(chooseStage(stages, "")?.kind).toBe("evaluate"));
	test("the second of a kind has a name of its own", () => {
		const second = { kind: "split", key: "0123456789", status: "succeeded" } as const;
		const both = [...stages, second];
		expect(both.map((stage) => stageRef(both, stage))).toEqual(["split", "baseline", "evaluate", "split.01234567"]);
		expect(chooseStage(both, "split.01234567")).toBe(second);
	});
	test("else the one with curves", () => expect(chooseStage(stages.slice(0, 2), "")?.kind).toBe("baseline"));
});

describe("generation health", () => {
	const judged = (health: Record<string, number | string>) => [
		{ kind: "generate" as const, result: null },
		{
			kind: "evaluate" as const,
			result: Object.fromEntries(Object.entries({ count: 100, ...health }).map(([k, v]) => [`health.${k}`, v])),
		},
	];
	const at = (own: number, verdict = "undecided", p = 0.62) => ({
		firstCandidateShare: 0.8,
		targetIsCandidateShare: 0.47,
		accuracyWhenCandidate: own / 47,
		firstIsTargetWhenCandidate: 13 / 47,
		verdict,
		verdictP: p,
	});
	test("says plainly that the model does not beat the first candidate, with the counts", () => {
		expect(prepareHealth(judged(at(11)))).toMatchObject({
			place: "not earned",
			verdict: "The model does not beat taking the first candidate (11 of 47 against 13 of 47, p 0.620).",
		});
	});
	test("equal is not better, and more is better only where the test says so", () => {
		expect(prepareHealth(judged(at(13)))?.place).toBe("not earned");
		expect(prepareHealth(judged(at(14)))).toMatchObject({
			place: "undecided",
			verdict: expect.stringContaining("not shown"),
		});
		expect(prepareHealth(judged(at(30, "better", 0.0002)))).toMatchObject({
			place: "earned",
			verdict: "The model beats taking the first candidate (30 of 47 against 13 of 47, p < 0.001).",
		});
	});
	test("without candidates, or where the target is never one, there is nothing to beat", () => {
		expect(prepareHealth(judged({}))?.place).toBe("undecided");
		expect(prepareHealth(judged({ firstCandidateShare: 1, targetIsCandidateShare: 0 }))?.verdict).toMatch(
			/never among/,
		);
	});
	test("a run without a language model has none", () => {
		expect(prepareHealth(judged({}).slice(1))).toBeNull();
	});
});

test("the re-ranker's weights come heaviest first, whatever their sign, and nothing else with them", () => {
	const result = {
		"reranker.examples": 40,
		"reranker.weight.memory": 0.5,
		"reranker.weight.likelihood": -1,
		"recall@10": 0.3,
	};
	const weights = prepareReranker([{ kind: "evaluate", result }]);
	expect(weights).toEqual([
		{ feature: "likelihood", weight: -1, share: 1 },
		{ feature: "memory", weight: 0.5, share: 0.5 },
	]);
	expect(describeReranker(weights)).toBe(
		"likelihood speaks most, against a product (-1.00), then memory, for it (0.500).",
	);
	expect(prepareReranker([{ kind: "evaluate", result: { "recall@10": 0.3 } }])).toEqual([]);
});
