import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { METHOD_IDS, planRun, preset } from "../src";

const folder = new URL("../../../suites/presets/", import.meta.url);
const read = (name: string) => preset.parse(parse(readFileSync(new URL(`${name}.yaml`, folder), "utf8")));
const dataset = { id: "a".repeat(16), name: "log", searches: 10, clicks: 10, purchases: 10 };

describe("preset files", () => {
	it.each(readdirSync(folder))("%s is named as its file and plans every method", (file) => {
		const name = file.replace(/\.yaml$/, "");
		const found = read(name);
		expect(found.name).toBe(name);
		for (const method of METHOD_IDS) expect(planRun({ dataset, method, preset: found, seed: 1 })).not.toEqual([]);
	});

	it("paper holds the values of the paper's section 5.1", () => {
		const { baseModel, fineTune, generate, evaluate, encodeQueries } = read("paper");
		expect(baseModel).toMatchObject({ source: "hub", model: "tiiuae/falcon-7b" });
		expect(fineTune).toMatchObject({
			loraRank: 16,
			loraAlpha: 16,
			loraDropout: 0.05,
			learningRate: 2e-5,
			epochs: 1,
			hardEpochs: 3,
			hardShare: 0.2,
			maxTokens: 1024,
		});
		expect(generate).toMatchObject({ decoding: "sampled", maxNewTokens: 64, temperature: 0.05, topP: 0.95 });
		expect(evaluate).toMatchObject({ n: 1, k: 10 });
		expect(encodeQueries.encoder).toBe("clip");
	});
});
