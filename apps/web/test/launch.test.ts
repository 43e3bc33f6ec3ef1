import { describe, expect, test } from "vitest";
import { settingChoices, toggleChoice, variantChoices } from "~/features/launch/choices";
import { joinMissing } from "~/features/launch/join-missing";
import { type LaunchView, launchHref, launchViewCodec, parseSeeds, prepareLaunch } from "~/features/launch/launch-view";
import { describeKinds, groupPlan, type Plan, type PlanStage, sharedStages } from "~/features/launch/prepare-plan";

const view: LaunchView = {
	suite: "",
	datasets: ["hm"],
	methods: [],
	variants: [],
	settings: [],
	seeds: "",
	preset: "",
	set: "",
	priority: "",
	on: "",
	budget: "",
};

describe("the form becomes a request", () => {
	test("what is left empty is left to the suite", () => {
		expect(prepareLaunch(view, "table2")).toEqual({ request: { suite: "table2", datasets: ["hm"], set: {} } });
	});
	test("without a dataset there is nothing to plan, and nothing wrong", () => {
		expect(prepareLaunch({ ...view, datasets: [] }, "table2")).toBeNull();
	});
	test("overrides are read line by line, with their types", () => {
		const prepared = prepareLaunch({ ...view, set: "fineTune.epochs=2\n\n prompts.candidates=false " }, "table2");
		expect(prepared).toMatchObject({ request: { set: { "fineTune.epochs": 2, "prompts.candidates": false } } });
	});
	test("a line that is no override is named", () => {
		expect(prepareLaunch({ ...view, set: "fineTune.epochs" }, "table2")).toEqual({
			errors: { set: '"fineTune.epochs" is not of the form name=value.' },
		});
	});
	test("a priority is a number in the request, and nothing where it is usual or no number", () => {
		expect(prepareLaunch({ ...view, priority: "-3" }, "table2")).toMatchObject({ request: { priority: -3 } });
		const bent = launchViewCodec.parse(new URLSearchParams("priority=high"));
		expect(bent.priority).toBe("");
	});
	test("a host and a budget go along, and a budget that is no number above 0 is said to be none", () => {
		expect(prepareLaunch({ ...view, on: "gpu-1", budget: " 2.5 " }, "table2")).toMatchObject({
			request: { on: "gpu-1", budgetGpuHours: 2.5 },
		});
		for (const budget of ["0", "-1", "two"]) {
			expect(prepareLaunch({ ...view, budget }, "table2")).toHaveProperty("errors.budget");
		}
		const params = launchViewCodec.serialise({ ...view, on: "gpu-1", budget: "2.5" });
		expect(launchViewCodec.parse(params)).toMatchObject({ on: "gpu-1", budget: "2.5" });
	});
	test("seeds are distinct whole numbers from 0", () => {
		expect(parseSeeds("3, 1 3")).toEqual([3, 1]);
		expect(parseSeeds("")).toEqual([]);
		expect(parseSeeds("1.5")).toBeNull();
		expect(parseSeeds("-1")).toBeNull();
	});
});

function stage(dataset: string, key: string, status: PlanStage["status"], neededBy: string[]): PlanStage {
	return {
		key,
		kind: "split",
		where: "worker",
		host: null,
		gpus: 0,
		refusal: null,
		memory: null,
		dataset,
		params: {},
		seed: 0,
		status,
		neededBy,
		runs: neededBy.length,
		estimateMs: null,
	};
}

describe("the plan", () => {
	const plan: Plan = {
		suite: "table2",
		preset: "miniature",
		runs: [
			{ dataset: "a", method: "core", variant: "full", setting: "full", seed: 1 },
			{ dataset: "a", method: "sasrec", variant: "full", setting: "cold-start", seed: 1 },
			{ dataset: "b", method: "core", variant: "full", setting: "full", seed: 1 },
			{ dataset: "b", method: "core", variant: "full", setting: "full", seed: 2 },
		],
		stages: [
			stage("a", "1", "reused", ["core", "sasrec"]),
			stage("a", "2", "new", ["core"]),
			stage("b", "3", "under way", ["core"]),
			stage("c", "4", "new", ["core"]),
		],
		skipped: [],
		repeated: { runs: 0, launches: [] },
		refusals: [],
		totals: { runs: 4, reused: 1, new: 3, estimateMs: null, gpuHours: null, cost: null },
	};
	test("groups by the dataset that stages work on, also one that is only trained on", () => {
		expect(groupPlan(plan).map(({ stages, ...group }) => ({ ...group, stages: stages.length }))).toEqual([
			{ dataset: "a", runs: ["CORE", "SASRec, cold start"], runCount: 2, toRun: 1, reused: 1, stages: 2 },
			{ dataset: "b", runs: ["CORE"], runCount: 2, toRun: 1, reused: 0, stages: 1 },
			{ dataset: "c", runs: [], runCount: 0, toRun: 1, reused: 0, stages: 1 },
		]);
	});
	test("counts what is costly, and how much of it is there already", () => {
		const stages = [1, 2, 3, 4].map((key) => ({
			...stage("a", String(key), key === 1 ? "reused" : "new", ["ours"]),
			kind: "fine-tune" as const,
		}));
		expect(describeKinds({ stages })).toEqual(["4 fine-tunes (1 reused)"]);
	});
	test("counts what sharing saves, also between variants of one method", () => {
		expect(sharedStages(plan)).toBe(1);
		const variants = plan.stages.map((one) => ({ ...one, runs: 8, neededBy: ["ours"] }));
		expect(sharedStages({ ...plan, stages: variants })).toBe(28);
	});
});

describe("what can be chosen", () => {
	const part = { methods: ["ours" as const], variants: ["full"], settings: ["full"] };
	const single = { parts: [part], variants: ["full"], settings: ["full"] };
	const paper = { parts: [part, part], variants: ["full", "no-memory"], settings: ["full", "cold-start"] };
	test("a suite of one part offers Table 3's variants and the figures' settings", () => {
		expect(variantChoices(single, [])).toContain("no-memory+no-id-embedding");
		expect(settingChoices(single, ["zero-shot(hm)"])).toEqual(
			expect.arrayContaining(["cold-start", "zero-shot", "low-resource(0.1)", "zero-shot(hm)"]),
		);
	});
	test("a suite of several parts offers its own alone", () => {
		expect(variantChoices(paper, ["no-memory"])).toEqual(["full", "no-memory"]);
		expect(settingChoices(paper, [])).toEqual(["full", "cold-start"]);
	});
	test("the suite's own choice is none, and the last box cannot be emptied", () => {
		const offered = ["full", "a", "b"];
		expect(toggleChoice(offered, ["b"], ["full"], "a", true)).toEqual(["a", "b"]);
		expect(toggleChoice(offered, ["full", "a"], ["full"], "a", false)).toEqual([]);
		expect(toggleChoice(offered, ["a"], ["full"], "a", false)).toEqual(["a"]);
	});
	test("a link to a launch carries what was chosen and nothing else", () => {
		expect(launchHref({ suite: "table3", datasets: ["hm"], variants: ["no-memory+no-id-embedding"] })).toBe(
			"/launch?suite=table3&datasets=hm&variants=no-memory%2Bno-id-embedding",
		);
		expect(launchHref({})).toBe("/launch");
	});
});

test("datasets that lack the same runs are launched together, others by themselves", () => {
	const lacks = (dataset: string, variants: string[]) => ({
		dataset,
		methods: ["ours"],
		variants,
		settings: ["full"],
		seeds: 1,
		preset: null,
	});
	const joined = joinMissing([lacks("a", ["no-memory"]), lacks("b", ["no-attributes"]), lacks("c", ["no-memory"])]);
	expect(joined.map(({ datasets }) => datasets)).toEqual([["a", "c"], ["b"]]);
});
