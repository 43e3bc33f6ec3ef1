import { significanceMark } from "@atelier/core";
import { describe, expect, it } from "vitest";
import { ablationsViewCodec } from "./ablations-view";
import {
	type AblationDataset,
	type AblationRow,
	ablationCell,
	nameAblationCell,
	paperCell,
	partStates,
	variantLines,
} from "./prepare-ablations";

const nothing = { "recall@10": null, "ndcg@10": null, "mrr@10": null };
const row = (variant: string, value: number | null, rest: Partial<AblationRow> = {}): AblationRow => ({
	variant,
	title: variant,
	switches: [],
	inPaper: true,
	runs: [],
	users: 100,
	metrics:
		value === null ? nothing : { ...nothing, "recall@10": { value, low: value - 0.1, high: 1, deviation: null } },
	warnings: [],
	underWay: null,
	difference: null,
	paper: null,
	...rest,
});
const difference = { value: -0.04, low: -0.08, high: -0.01, p: 0.002, adjustedP: 0.03, wins: 3, ties: 90, losses: 7 };
const dataset = (rows: AblationRow[]): AblationDataset => ({
	name: "sample-luggage-bags",
	group: "sample",
	synthetic: true,
	queriesDerived: false,
	paperDataset: "luggage-bags",
	protocol: null,
	preset: "miniature",
	genericTextEncoder: "minilm",
	rows,
	missing: null,
});

describe("the parts of a variant", () => {
	it("are in place unless its switches take them out or exchange them", () => {
		expect(partStates([])).toEqual(["in place", "in place", "in place", "in place"]);
		expect(partStates(["no-attributes", "no-memory", "no-id-embedding"])).toEqual([
			"taken out",
			"taken out",
			"taken out",
			"in place",
		]);
		expect(partStates(["generic-text-embedding"]).at(-1)).toBe("exchanged");
		expect(partStates(["no-text-embedding"]).at(-1)).toBe("taken out");
	});
});

describe("the table", () => {
	const one = dataset([
		row("full", 0.3, { paper: { "recall@10": 0.2786, "ndcg@10": 0.2037, "mrr@10": 0.1804 } }),
		row("no-memory", 0.26, {
			difference: { users: 100, metrics: { "recall@10": difference } },
			paper: { "recall@10": 0.2595, "ndcg@10": 0.1786, "mrr@10": 0.1518 },
		}),
		row("no-attributes", null),
	]);
	it("has the paper's rows first, those of several datasets once", () => {
		const other = dataset([row("no-attributes+no-memory", 0.2, { inPaper: false }), row("no-attributes", 0.2)]);
		expect(variantLines([other, one]).map(({ variant }) => variant)).toEqual([
			"no-attributes",
			"full",
			"no-memory",
			"no-attributes+no-memory",
		]);
	});
	it("sets each variant against the full method, and nothing against itself", () => {
		expect(ablationCell(one, "full", "recall@10")).toMatchObject({ value: 0.3, best: true, difference: null });
		expect(ablationCell(one, "no-memory", "recall@10")).toMatchObject({ best: false, difference });
		expect(ablationCell(one, "no-attributes", "recall@10")).toBeNull();
		expect(ablationCell(one, "no-memory", "mrr@10")).toBeNull();
	});
	it("has the paper's own difference beside it", () => {
		expect(paperCell(one, "no-memory", "recall@10")?.difference).toBeCloseTo(-0.0191);
		expect(paperCell(one, "full", "recall@10")).toEqual({ value: 0.2786, difference: null });
		expect(paperCell(one, "no-attributes", "recall@10")).toBeNull();
	});
	it("marks significance by the corrected p", () => {
		expect([0.0009, 0.009, 0.05, 0.051].map(significanceMark)).toEqual(["***", "**", "*", ""]);
	});
});

it("a view is a link: what is serialised is parsed back", () => {
	const view = { dataset: ["sample", "hm"], row: "hm/no-memory+no-id-embedding" };
	const query = ablationsViewCodec.serialise(view).toString();
	expect(ablationsViewCodec.parse(new URLSearchParams(query))).toEqual(view);
});

it("a cell is read out with its number and what the paired test says of it", () => {
	const difference = {
		value: -0.05,
		low: -0.08,
		high: -0.02,
		p: 0.001,
		adjustedP: 0.004,
		wins: 4,
		ties: 80,
		losses: 9,
	};
	const cell = { value: 0.25, best: false, difference, spread: "", warnings: [] };
	expect(nameAblationCell({ title: "w/o memory", dataset: "hm", metric: "recall@10", cell })).toBe(
		"w/o memory on hm, Recall@10 0.250, −0.050 to the full method, p 0.004 after Holm's correction",
	);
});
