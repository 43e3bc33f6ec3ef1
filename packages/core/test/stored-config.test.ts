import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
	configDifference,
	encodeQueriesParams,
	generateParams,
	preset,
	protocolOf,
	retrieveParams,
	storedConfig,
} from "../src";

/** The configurations that runs of November 2026 stored, a preset each. Kept as they were: later versions read them. */
const file = new URL("./fixtures/stored-configs/2026-11.json", import.meta.url);
const record = z.record(z.string(), z.unknown());
const configs = Object.entries(z.record(z.string(), record).parse(JSON.parse(readFileSync(file, "utf8"))));

describe.each(configs)("a configuration stored in November 2026, %s,", (name, config) => {
	it("is read for inspecting its run, comparing it and telling its protocol", () => {
		const { prompts, evaluate } = storedConfig.parse(config);
		expect(prompts.products).toBeGreaterThan(0);
		expect(evaluate.k).toBe(10);
		expect(protocolOf({ method: "core", config })).toMatchObject({ split: "leave-one-out", k: 10 });
		expect(configDifference(config, { ...config, name: "other" })).toEqual([
			{ path: "name", left: name, right: "other" },
		]);
	});

	it("still says to a model server what it needs", () => {
		for (const [section, schema] of [
			["generate", generateParams],
			["encodeQueries", encodeQueriesParams],
			["retrieve", retrieveParams],
		] as const) {
			expect(schema.safeParse(config[section]).error).toBeUndefined();
		}
	});

	it("may hold a baseline or a section that this version does not know, or lack one that it does", () => {
		const { baselines, ...rest } = config;
		const { core: _, ...older } = record.parse(baselines);
		const elsewhere = { ...rest, baselines: { ...older, hgn: { layers: 1 } }, distillation: { epochs: 3 } };
		expect(preset.safeParse(elsewhere).success).toBe(false);
		expect(storedConfig.parse(elsewhere)).toEqual(storedConfig.parse(config));
	});
});

it("a configuration without what is read is refused, naming it", () => {
	const [, config] = configs[0] ?? ["", {}];
	const { prompts: _, ...without } = config;
	expect(storedConfig.safeParse(without).error?.issues.map(({ path }) => path)).toEqual([["prompts"]]);
});
