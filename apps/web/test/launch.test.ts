import { describe, expect, test } from "vitest";
import { type LaunchView, parseSeeds, prepareLaunch } from "~/features/launch/launch-view";
import { groupPlan, type Plan, type PlanStage, sharedStages } from "~/features/launch/prepare-plan";

const view: LaunchView = { suite: "", datasets: ["hm"], methods: [], seeds: "", preset: "", set: "" };

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
		dataset,
		params: {},
		seed: 0,
		status,
		neededBy,
		estimateMs: null,
	};
}

describe("the plan", () => {
	const plan: Plan = {
		suite: "table2",
		preset: "miniature",
		runs: [
			{ dataset: "a", method: "core", seed: 1 },
			{ dataset: "a", method: "sasrec", seed: 1 },
			{ dataset: "b", method: "core", seed: 1 },
		],
		stages: [
			stage("a", "1", "reused", ["core", "sasrec"]),
			stage("a", "2", "new", ["core"]),
			stage("b", "3", "under way", ["core"]),
		],
		totals: { runs: 3, reused: 1, new: 2, estimateMs: null },
	};
	test("groups by dataset; a stage under way counts among those to run", () => {
		expect(groupPlan(plan).map(({ dataset, runs, toRun, reused }) => ({ dataset, runs, toRun, reused }))).toEqual([
			{ dataset: "a", runs: 2, toRun: 1, reused: 1 },
			{ dataset: "b", runs: 1, toRun: 1, reused: 0 },
		]);
	});
	test("counts what sharing saves", () => {
		expect(sharedStages(plan)).toBe(1);
	});
});
