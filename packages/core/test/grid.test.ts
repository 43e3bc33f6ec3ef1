import { expect, it } from "vitest";
import { paperDatasetOf, paperFigures, protocolCaption, type RunWarning, renderGrid, table2Grid } from "../src";

const metric = (value: number) => ({ value, low: value - 0.01, high: value + 0.01, deviation: null });
const tiny = { code: "small-catalogue", message: "Catalogue of 7 items: Recall@10 says nothing" };
const cell = (method: string, value: number | null, warnings: RunWarning[] = []) => ({
	method,
	warnings,
	metrics: { "recall@10": value === null ? null : metric(value), "ndcg@10": null, "mrr@10": null },
	paper: paperFigures(method, "footwear"),
});
const grid = table2Grid(
	[
		{
			name: "sample-footwear",
			synthetic: true,
			queriesDerived: false,
			protocol: { split: "leave-one-out", target: "purchase", trainRatio: 1, k: 10, maskSeen: false },
			cells: [cell("popularity", 0.01), cell("core", 0.2, [tiny]), cell("sasrec", 0.1, [tiny]), cell("ours", null)],
		},
	],
	new Map([
		["popularity", "Popularity"],
		["sasrec", "SASRec"],
		["core", "CORE"],
		["ours", "Ours"],
	]),
);

it("marks the best and the second of a column, and shows what is missing as missing", () => {
	expect(renderGrid(grid, "md")).toContain("**0.2000 [0.1900, 0.2100]** †");
	expect(renderGrid(grid, "md")).toContain("_0.1000 [0.0900, 0.1100]_");
	expect(grid.rows.map((row) => row[0]?.text)).toEqual([
		"Popularity",
		"SASRec",
		"CORE",
		"SASRec (paper)",
		"CORE (paper)",
	]);
});

it("says the protocol, and says it by dataset where they differ", () => {
	expect(grid.caption).toMatch(/^Leave-one-out, full ranking, K = 10, items already seen are ranked too\./);
	const protocol = { split: "leave-one-out", target: "purchase", trainRatio: 1, k: 10, maskSeen: false } as const;
	const other = { ...protocol, split: "by-time", maskSeen: true } as const;
	expect(
		protocolCaption([
			{ name: "a", protocol },
			{ name: "b", protocol: other },
		]),
	).toMatch(/^a: leave-one-out, .*; b: split by time, .*left out\.$/);
});

it("labels synthetic data and the paper's figures", () => {
	expect(renderGrid(grid, "md")).toContain("Synthetic data: sample-footwear.");
	expect(renderGrid(grid, "csv")).toContain("CORE (paper),0.3075,0.1566,0.1092");
});

it("marks the figures that a run warns of, and says each warning once with its places", () => {
	expect(grid.notes.filter((line) => line.startsWith("†"))).toEqual([
		"† CORE on sample-footwear, SASRec on sample-footwear: Catalogue of 7 items: Recall@10 says nothing.",
	]);
	expect(renderGrid(grid, "md")).toContain("_0.1000 [0.0900, 0.1100]_ †");
	expect(renderGrid(grid, "latex")).toContain("0.1100]}$^{\\dagger}$");
	const [head, popularity, sasrec] = renderGrid(grid, "csv").split("\n");
	expect(head).toMatch(/,Warnings$/);
	expect(popularity).toMatch(/,$/);
	expect(sasrec).toMatch(/,sample-footwear: Catalogue of 7 items: Recall@10 says nothing$/);
});

it("escapes what LaTeX and CSV would take for their own", () => {
	const odd = {
		caption: "50 % & more",
		columns: ["a_b", "c"],
		rows: [[{ text: 'x, "y"' }, { text: "±1" }]],
		notes: [],
	};
	expect(renderGrid(odd, "csv")).toBe('a_b,c\n"x, ""y""",±1\n');
	expect(renderGrid(odd, "latex")).toContain("a\\_b & c \\\\");
	expect(renderGrid(odd, "latex")).toContain("50 \\% \\& more");
});

it("knows the paper's category by the end of a dataset's name", () => {
	expect(paperDatasetOf("sample-footwear")).toBe("footwear");
	expect(paperDatasetOf("hm")).toBeNull();
	expect(paperFigures("ours", "clothing")?.["recall@10"]).toBe(0.2593);
	expect(paperFigures("popularity", "clothing")).toBeNull();
});
