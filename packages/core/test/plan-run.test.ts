import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { AppError, applyOverrides, contentKey, METHOD_IDS, parseOverrides, planRun, preset } from "../src";

const file = fileURLToPath(new URL("../../../suites/presets/miniature.yaml", import.meta.url));
const miniature = preset.parse(parse(readFileSync(file, "utf8")));
const withSearches = { id: "a".repeat(16), name: "log", searches: 10 };
const kinds = (method: (typeof METHOD_IDS)[number]) =>
	planRun(withSearches, method, miniature, 1).map((stage) => stage.kind);

describe("planRun", () => {
	it("gives every method its stages, inputs before readers, evaluate last", () => {
		expect(kinds("popularity")).toEqual(["split", "baseline", "evaluate"]);
		expect(kinds("memory")).toEqual(["split", "encode-queries", "memory", "evaluate"]);
		expect(kinds("ours").at(-1)).toBe("evaluate");
		for (const method of METHOD_IDS) {
			const seen = new Set<string>();
			for (const stage of planRun(withSearches, method, miniature, 1)) {
				for (const input of Object.values(stage.inputs)) expect(seen).toContain(input);
				seen.add(stage.key);
			}
		}
	});

	it("shares CORE's training between the method core and ours' id encoder", () => {
		const core = planRun(withSearches, "core", miniature, 1).find((stage) => stage.kind === "baseline");
		expect(planRun(withSearches, "ours", miniature, 1).map((stage) => stage.key)).toContain(core?.key);
	});

	it("shares what no seed touches between seeds, and nothing that is trained", () => {
		const [one, two] = [1, 2].map((seed) => planRun(withSearches, "ours", miniature, seed));
		const shared = one?.filter((stage) => two?.some((other) => other.key === stage.key)).map((stage) => stage.kind);
		expect(shared).toEqual(["split", "encode-queries", "memory", "prompts"]);
	});

	it("changes the keys of a changed stage and of all that read it, and of nothing else", () => {
		const changed = applyOverrides(miniature, { "generate.maxNewTokens": 32 });
		const before = planRun(withSearches, "ours", miniature, 1);
		const after = new Set(planRun(withSearches, "ours", changed, 1).map((stage) => stage.key));
		const different = before.filter((stage) => !after.has(stage.key)).map((stage) => stage.kind);
		expect(different).toEqual(["generate", "parse", "retrieve", "evaluate"]);
	});

	it("refuses a method that needs searches on a log without them, and says what to do", () => {
		const sequencesOnly = { ...withSearches, name: "beauty", searches: 0 };
		expect(() => planRun(sequencesOnly, "memory", miniature, 1)).toThrow(/beauty has no searches.*derives a search/);
		expect(planRun(sequencesOnly, "sasrec", miniature, 1)).toHaveLength(3);
	});
});

describe("contentKey", () => {
	it("does not depend on the order of names", () => {
		expect(contentKey({ a: 1, b: [1, 2] })).toBe(contentKey({ b: [1, 2], a: 1 }));
		expect(contentKey({ a: 1 })).not.toBe(contentKey({ a: 2 }));
		expect(contentKey({ a: 1 })).toMatch(/^[0-9a-f]{32}$/);
	});
});

describe("applyOverrides", () => {
	it("replaces a value by its path and leaves the preset as it was", () => {
		const changed = applyOverrides(miniature, parseOverrides(["fineTune.epochs=7", "baselines.sasrec.loss=bce"]));
		expect(changed.fineTune.epochs).toBe(7);
		expect(changed.baselines.sasrec.loss).toBe("bce");
		expect(miniature.fineTune.epochs).not.toBe(7);
	});

	it("names the valid names for an unknown one", () => {
		expect(() => applyOverrides(miniature, { "fineTune.epoch": 2 })).toThrow(/fineTune has no "epoch".*epochs/);
		expect(() => applyOverrides(miniature, { nonsense: 2 })).toThrow(AppError);
	});

	it("refuses a value of the wrong kind", () => {
		expect(() => applyOverrides(miniature, { "fineTune.epochs": "many" })).toThrow(/fineTune\.epochs/);
	});
});
