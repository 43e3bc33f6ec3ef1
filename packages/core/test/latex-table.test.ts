import { describe, expect, it } from "vitest";
import { paperFigures, renderGrid, table2PaperGrid, table3PaperGrid } from "../src";

const protocol = { split: "leave-one-out", target: "purchase", trainRatio: 1, k: 10, maskSeen: false } as const;
const metric = (value: number, deviation: number | null = null) => ({
	value,
	low: deviation === null ? value - 0.01 : null,
	high: deviation === null ? value + 0.01 : null,
	deviation,
});
const three = (value: number) => ({
	"recall@10": metric(value),
	"ndcg@10": metric(value / 2),
	"mrr@10": metric(value / 4),
});
const titles = new Map([
	["core", "CORE"],
	["recformer", "Recformer"],
	["ours", "Ours"],
]);
const dataset = (name: string, values: Record<string, number>, synthetic = false) => ({
	name,
	synthetic,
	queriesDerived: false,
	protocol,
	cells: [...titles.keys()].map((method) => {
		const value = values[method];
		const nothing = { "recall@10": null, "ndcg@10": null, "mrr@10": null };
		return {
			method,
			warnings: [],
			metrics: value === undefined ? nothing : three(value),
			paper: paperFigures(method, "footwear"),
		};
	}),
});
const test = (adjustedP: number, value: number) => ({
	...{ value, low: value - 0.01, high: value + 0.01, p: adjustedP / 6, adjustedP, wins: 9, ties: 1, losses: 2 },
});
const lines = (text: string) => text.split("\n");

describe("Table 2 as a paper sets it", () => {
	const datasets = [
		dataset("sample_a", { core: 0.2612, recformer: 0.2, ours: 0.3 }, true),
		dataset("50 % & {b}", { core: 0.2, recformer: 0.2345, ours: 0.21 }),
	];
	const pair = (name: string, other: string, adjustedP: number, value: number) => ({
		...{ dataset: name, method: "ours", other },
		metrics: { "recall@10": test(adjustedP, value), "ndcg@10": test(0.2, value), "mrr@10": test(0.03, value) },
	});
	const latex = renderGrid(
		table2PaperGrid(datasets, titles, [
			pair("sample_a", "core", 0.004, 0.04),
			pair("sample_a", "recformer", 0.0001, 0.1),
			pair("50 % & {b}", "recformer", 0.001, -0.02),
		]),
		"latex",
	);

	it("has a head over each dataset with a rule under it, and a label to refer to", () => {
		expect(lines(latex)).toContain(" & \\multicolumn{3}{c}{sample\\_a} & \\multicolumn{3}{c}{50 \\% \\& \\{b\\}} \\\\");
		expect(lines(latex)).toContain("\\cmidrule(lr){2-4} \\cmidrule(lr){5-7}");
		expect(lines(latex)).toContain("\\label{tab:table2}");
		expect(latex).toContain("\\begin{table*}[t]");
	});

	it("has the decimals of the screen, the best bold, the second underlined, and what beats the best other row marked", () => {
		expect(lines(latex)).toContain(
			"Ours & \\textbf{0.300}$^{**}$ & \\textbf{0.150} & \\textbf{0.075}$^{*}$ & \\underline{0.210} & \\underline{0.105} & \\underline{0.052} \\\\",
		);
		expect(lines(latex)).toContain(
			"CORE & \\underline{0.261} & \\underline{0.131} & \\underline{0.065} & 0.200 & 0.100 & 0.050 \\\\",
		);
	});

	it("sets the paper's own rows apart, and says whose they are", () => {
		const paper = lines(latex).findIndex((line) => line.startsWith("CORE (paper)"));
		expect(lines(latex)[paper - 1]).toBe("\\midrule");
		expect(latex).toContain("Synthetic data: sample\\_a.");
		expect(latex).toMatch(/Rows marked \(paper\) are the paper's figures/);
	});

	it("every row has as many columns as the head says", () => {
		const [, columns = ""] = /\\begin\{tabular\}\{@\{\}(l[r]+)@\{\}\}/.exec(latex) ?? [];
		const rows = lines(latex).filter((line) => line.endsWith("\\\\") && !line.includes("multicolumn"));
		expect(rows.length).toBe(1 + 3 + 3);
		for (const row of rows) expect(row.replaceAll("\\&", "").split("&")).toHaveLength(columns.length);
		expect((latex.match(/(?<!\\)\{/g) ?? []).length).toBe((latex.match(/(?<!\\)\}/g) ?? []).length);
	});

	it("marks nothing before the tests are there", () => {
		expect(renderGrid(table2PaperGrid(datasets, titles, null), "latex")).not.toMatch(/\^\{\*|Holm/);
	});
});

it("Table 3 marks the variants that differ from the full method, beside the paper's columns", () => {
	const row = (variant: string, value: number, adjustedP: number | null) => ({
		...{ title: variant, variant, metrics: three(value), warnings: [] },
		difference:
			adjustedP === null
				? null
				: {
						users: 90,
						metrics: { "recall@10": test(adjustedP, -0.1), "ndcg@10": test(0.5, -0.1), "mrr@10": test(0.5, -0.1) },
					},
		paper: { "recall@10": 0.2595, "ndcg@10": 0.1, "mrr@10": 0.05 },
	});
	const latex = renderGrid(
		table3PaperGrid({
			...{ name: "sample-luggage", synthetic: true, queriesDerived: false, protocol, preset: "small" },
			genericTextEncoder: "minilm",
			rows: [row("full", 0.3, null), row("w/o memory", 0.2, 0.0004)],
		}),
		"latex",
	);
	expect(lines(latex)).toContain(" & \\multicolumn{3}{c}{Measured here} & \\multicolumn{3}{c}{The paper's} \\\\");
	expect(lines(latex)).toContain(
		"w/o memory & \\underline{0.200}$^{***}$ & \\underline{0.100} & \\underline{0.050} & 0.260 & 0.100 & 0.050 \\\\",
	);
	expect(latex).toContain("\\label{tab:table3-sample-luggage}");
});

it("a quotation mark compiles in every font encoding", () => {
	const grid = { caption: 'a "b"', columns: ["c"], rows: [[{ text: "d" }]], notes: [] };
	expect(renderGrid(grid, "latex")).toContain("a \\symbol{34}b\\symbol{34}");
});
