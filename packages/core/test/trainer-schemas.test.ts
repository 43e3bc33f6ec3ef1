import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SCHEMA_FOLDER, schemaFiles } from "../scripts/schema-files";
import { baselineParams, stageParams } from "../src";

const files = schemaFiles();
const shipped = readdirSync(SCHEMA_FOLDER).filter((name) => name.endsWith(".json"));

describe("the schemas that the trainer ships", () => {
	it("are those of the contracts, no more and no fewer", () => {
		expect(shipped.toSorted()).toEqual([...files.keys()].toSorted());
	});

	it.each([...files])("%s says what zod says; npm run schemas writes it anew", (name, text) => {
		expect(readFileSync(new URL(name, SCHEMA_FOLDER), "utf8")).toBe(text);
	});
});

describe("a field that is a whole multiple of another", () => {
	const sasrec = {
		model: "sasrec",
		loss: "ce",
		hiddenSize: 64,
		layers: 2,
		heads: 2,
		dropout: 0.2,
		maxLength: 50,
		batchSize: 128,
		learningRate: 0.001,
		maxEpochs: 40,
		patience: 5,
		maskSeen: true,
		listLength: 100,
		coldToken: false,
	};

	it("is asked for before the trainer is", () => {
		expect(baselineParams.safeParse(sasrec).success).toBe(true);
		const [issue] = baselineParams.safeParse({ ...sasrec, heads: 3 }).error?.issues ?? [];
		expect(issue).toMatchObject({ path: ["hiddenSize"], message: "must be a multiple of heads" });
	});

	it("is asked only of models that are shaped here", () => {
		const shape = { vocabularySize: 100, hiddenSize: 6, layers: 1, heads: 2, epochs: 1, batchSize: 1, learningRate: 1 };
		const base = (source: string) => stageParams["base-model"].safeParse({ source, model: null, ...shape });
		expect(base("scratch").error?.issues[0]?.message).toBe("must be a multiple of 2 times heads");
		expect(base("hub").success).toBe(true);
	});
});
