import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
	AppError,
	applyOverrides,
	contentKey,
	METHOD_IDS,
	type Method,
	mergePlans,
	type Overrides,
	parseOverrides,
	parseSetting,
	parseVariant,
	planRun,
	preset,
	type RunRequest,
	settingName,
	TABLE_3_VARIANTS,
	variantName,
} from "../src";

const file = fileURLToPath(new URL("../../../suites/presets/miniature.yaml", import.meta.url));
const miniature = preset.parse(parse(readFileSync(file, "utf8")));
const withSearches = { id: "a".repeat(16), name: "log", searches: 10, clicks: 10, purchases: 10 };
const plan = (method: Method, other: Partial<RunRequest> = {}) =>
	planRun({ dataset: withSearches, method, preset: miniature, seed: 1, ...other });
const kinds = (method: Method) => plan(method).map((stage) => stage.kind);

const TRAINED = new Set(["base-model", "fine-tune", "title-encoder"]);

describe("planRun", () => {
	it("gives every method its stages, inputs before readers, evaluate last", () => {
		expect(kinds("popularity")).toEqual(["split", "baseline", "evaluate"]);
		expect(kinds("memory")).toEqual(["split", "encode-queries", "memory", "evaluate"]);
		expect(kinds("ours").at(-1)).toBe("evaluate");
		for (const method of METHOD_IDS) {
			const seen = new Set<string>();
			for (const stage of plan(method)) {
				for (const input of Object.values(stage.inputs)) expect(seen).toContain(input);
				seen.add(stage.key);
			}
		}
	});

	it("shares CORE's training between the method core and ours' id encoder", () => {
		const core = plan("core").find((stage) => stage.kind === "baseline");
		expect(plan("ours").map((stage) => stage.key)).toContain(core?.key);
	});

	it("shares what no seed touches between seeds, and nothing that is trained", () => {
		const [one, two] = [1, 2].map((seed) => plan("ours", { seed }));
		const shared = one?.filter((stage) => two?.some((other) => other.key === stage.key)).map((stage) => stage.kind);
		expect(shared).toEqual(["split", "encode-queries", "memory", "prompts"]);
	});

	it("changes the keys of a changed stage and of all that read it, and of nothing else", () => {
		const changed = applyOverrides(miniature, { "generate.maxNewTokens": 32 });
		const before = plan("ours");
		const after = new Set(plan("ours", { preset: changed }).map((stage) => stage.key));
		const different = before.filter((stage) => !after.has(stage.key)).map((stage) => stage.kind);
		expect(different).toEqual(["generate", "parse", "retrieve", "evaluate"]);
	});

	it("refuses a method that needs searches on a log without them, and says what to do", () => {
		const sequencesOnly = { ...withSearches, name: "beauty", searches: 0 };
		expect(() => plan("memory", { dataset: sequencesOnly })).toThrow(/beauty has no searches.*derives a search/);
		expect(plan("sasrec", { dataset: sequencesOnly })).toHaveLength(3);
	});
});

describe("variants and settings", () => {
	const clicksOnly = { ...withSearches, name: "clicks", purchases: 0 };
	const byClick = applyOverrides(miniature, { "split.target": "click" });

	it("refuses a log without purchases when it is planned, and says that its clicks can be predicted", () => {
		for (const method of METHOD_IDS) {
			expect(() => plan(method, { dataset: clicksOnly })).toThrow(/clicks has no purchases.*--set split\.target=click/);
			expect(plan(method, { dataset: clicksOnly, preset: byClick })[0]?.params).toMatchObject({ target: "click" });
		}
		const nothing = { ...clicksOnly, clicks: 0 };
		expect(() => plan("core", { dataset: nothing })).toThrow(/neither purchases nor clicks/);
		expect(() => plan("core", { dataset: nothing, preset: byClick })).toThrow(/no clicks/);
	});

	it("gives a split of clicks another key, and that of purchases the key from before there was a choice", () => {
		const { key, params, ...stage } = plan("popularity")[0] ?? { key: "", params: {}, kind: "split", revision: 0 };
		expect(plan("popularity", { preset: byClick })[0]?.key).not.toBe(key);
		const before = { protocol: "leave-one-out", trainRatio: 1 };
		const inputs = { dataset: withSearches.id };
		expect(key).toBe(contentKey({ kind: stage.kind, revision: stage.revision, params: before, inputs, seed: 0 }));
		expect(params).toEqual({ ...before, target: "purchase" });
	});

	it("keeps the keys of answers, bases and baselines that say nothing new, and changes them where they do", () => {
		const keysOf = (changed: Overrides) => plan("ours", { preset: applyOverrides(miniature, changed) });
		const find = (kind: string, stages = keysOf({})) => stages.find((stage) => stage.kind === kind);
		const generate = find("generate");
		const { weights, engine, ...before } = generate?.params ?? {};
		expect([weights, engine]).toEqual(["full", "auto"]);
		const named = { kind: "generate", revision: generate?.revision, params: before, seed: 1 };
		expect(generate?.key).toBe(contentKey({ ...named, inputs: { ...generate?.inputs, dataset: withSearches.id } }));
		expect(find("generate", keysOf({ "generate.weights": "nf4" }))?.key).not.toBe(generate?.key);
		expect(find("generate", keysOf({ "generate.engine": "vllm" }))?.key).not.toBe(generate?.key);
		const hub = { "baseModel.source": "hub", "baseModel.model": "someone/tiny" };
		const revised = find("base-model", keysOf({ ...hub, "baseModel.revision": "v1" }));
		expect(revised?.key).not.toBe(find("base-model", keysOf(hub))?.key);
		expect(find("base-model", keysOf(hub))?.params).toMatchObject({ revision: null });
	});

	it("takes a revision and a name with a commit for the same model where they stand for the same", () => {
		const commit = "c".repeat(40);
		const pins = new Map(
			["someone/tiny@v1", "someone/tiny", `someone/tiny@${commit}`].map((name) => [`hub ${name}`, commit]),
		);
		const keyOf = (model: string, revision: string | null) => {
			const changed = { "baseModel.source": "hub", "baseModel.model": model, "baseModel.revision": revision };
			const stages = plan("ours", { preset: applyOverrides(miniature, changed), pins });
			return stages.find((stage) => stage.kind === "base-model")?.key;
		};
		const keys = [keyOf("someone/tiny", "v1"), keyOf("someone/tiny", null), keyOf(`someone/tiny@${commit}`, null)];
		expect(new Set([...keys, keyOf("someone/tiny", commit)]).size).toBe(1);
	});

	it("pins a Longformer by its content", () => {
		const folder = { "baselines.recformer.textEncoder": "longformer", "baselines.recformer.textModel": "/models/a" };
		const moved = { ...folder, "baselines.recformer.textModel": "/models/b" };
		const pins = new Map([
			["path /models/a", "sha256:1"],
			["path /models/b", "sha256:1"],
		]);
		const stageOf = (changed: Overrides) => {
			const stages = plan("recformer", { preset: applyOverrides(miniature, changed), pins });
			return stages.find((stage) => stage.kind === "baseline");
		};
		expect(stageOf(folder)?.params).toMatchObject({ model: "recformer", textModel: "/models/a", resolved: "sha256:1" });
		expect(stageOf(folder)?.key).toBe(stageOf(moved)?.key);
	});

	const other = { id: "b".repeat(16), name: "other", searches: 10, clicks: 10, purchases: 10 };
	const zeroShot = { setting: parseSetting("zero-shot(other)"), source: other };

	it("fills Table 3's eight rows with four fine-tunes, one title encoder for each kind, and one CORE", () => {
		const stages = mergePlans(TABLE_3_VARIANTS.map(({ id }) => plan("ours", { variant: parseVariant(id) })));
		const count = (kind: string) => stages.filter((stage) => stage.kind === kind).length;
		expect([count("fine-tune"), count("generate"), count("title-encoder"), count("baseline")]).toEqual([4, 4, 2, 1]);
		expect(count("evaluate")).toBe(8);
	});

	it("lets no id vector near the rows without the id embedding", () => {
		for (const { id } of TABLE_3_VARIANTS) {
			const kinds = plan("ours", { variant: parseVariant(id) }).map(({ kind }) => kind);
			expect([id, kinds.includes("id-encoder")]).toEqual([id, !id.includes("no-id-embedding")]);
		}
	});

	it("shares everything up to the lists between ours and ours-plus", () => {
		const shared = new Set(plan("ours").map((stage) => stage.key));
		expect(plan("ours-plus").flatMap(({ key, kind }) => (shared.has(key) ? [] : [kind]))).toEqual([
			"pools",
			"rerank",
			"evaluate",
		]);
	});

	it("costs ours nothing but an evaluation to be looked at in the cold-start setting, and an id model a training", () => {
		const fresh = (method: Method) => {
			const full = new Set(plan(method).map((stage) => stage.key));
			const cold = plan(method, { setting: { kind: "cold-start" } });
			return cold.flatMap(({ key, kind }) => (full.has(key) ? [] : [kind]));
		};
		expect(fresh("ours")).toEqual(["evaluate"]);
		expect(fresh("core")).toEqual(["baseline", "evaluate"]);
	});

	it("trains a zero-shot run on its source alone", () => {
		const stages = plan("ours", zeroShot);
		const trained = stages.filter(({ kind, inputs }) => TRAINED.has(kind) && inputs.source === undefined);
		expect(trained.map(({ datasetId }) => datasetId)).toEqual(
			["base-model", "fine-tune", "title-encoder"].map(() => other.id),
		);
		expect(stages.some(({ kind }) => kind === "id-encoder")).toBe(false);
		const onSource = plan("ours", { dataset: other }).map(({ key }) => key);
		expect(onSource).toEqual(expect.arrayContaining(trained.map(({ key }) => key)));
		const recformer = plan("recformer", zeroShot).filter(({ kind }) => kind === "baseline");
		expect(recformer.map(({ datasetId, inputs }) => [datasetId, Object.keys(inputs).sort()])).toEqual([
			[other.id, ["split"]],
			[withSearches.id, ["source", "split"]],
		]);
	});

	it("refuses a setting or a variant that a method does not have", () => {
		expect(() => plan("sasrec", zeroShot)).toThrow(/sasrec cannot be tested zero-shot/);
		expect(() => plan("core", { variant: ["no-memory"] })).toThrow(/core has no variants/);
		expect(() => plan("ours-plus", { variant: ["no-memory"] })).toThrow(/no variant without it/);
		expect(() => parseVariant("no-colour")).toThrow(/Unknown switch "no-colour".*no-attributes/);
		expect(() => parseVariant("no-text-embedding+no-id-embedding")).toThrow(/exclude each other/);
		expect(() => parseSetting("low-resource(2)")).toThrow(/above 0, at most 1/);
		expect(() => parseSetting("warm")).toThrow(/Unknown setting "warm"/);
	});

	it("reads back every name that it writes", () => {
		for (const { id } of TABLE_3_VARIANTS) expect(variantName(parseVariant(id))).toBe(id);
		expect(variantName(parseVariant("no-id-embedding+no-memory"))).toBe("no-memory+no-id-embedding");
		for (const name of ["full", "cold-start", "zero-shot(sample-footwear)", "low-resource(0.25)"])
			expect(settingName(parseSetting(name))).toBe(name);
		expect(settingName(parseSetting("low-resource(1)"))).toBe("full");
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
