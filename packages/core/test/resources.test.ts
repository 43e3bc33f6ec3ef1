import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { applyOverrides, needsOf, preset } from "../src";

const folder = new URL("../../../suites/presets/", import.meta.url);
const readPreset = (name: string) => preset.parse(parse(readFileSync(new URL(`${name}.yaml`, folder), "utf8")));
const paper = readPreset("paper");

it("a preset that says nothing of resources needs none, and one GPU where it says the pool alone", () => {
	const { resources } = readPreset("miniature");
	expect(Object.values(needsOf(resources)).every(({ pool, gpus }) => pool === "cpu" && gpus === 0)).toBe(true);
	const one = applyOverrides(paper, { "resources.baselines.pool": "gpu" });
	expect(needsOf(one.resources).baseline).toEqual({ pool: "gpu", gpus: 1, memoryGb: null });
});

it("the paper's language model trains and answers on a GPU, and an override takes that back", () => {
	expect(needsOf(paper.resources)["fine-tune"]).toMatchObject({ pool: "gpu", gpus: 1 });
	const without = applyOverrides(paper, { "resources.fineTune.pool": "cpu" });
	expect(needsOf(without.resources)["fine-tune"]).toEqual({ pool: "cpu", gpus: 0, memoryGb: null });
});

it("an unknown stage is refused with the names that there are", () => {
	expect(() => applyOverrides(paper, { "resources.finetune.gpus": 2 })).toThrow(/has no "finetune".*fineTune/);
});
