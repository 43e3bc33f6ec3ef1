import { describe, expect, it } from "vitest";
import { type LedgerRun, paperLedger, TABLE_3_VARIANTS } from "../src";

const run = (part: Partial<LedgerRun>): LedgerRun => ({
	dataset: "shop",
	hasSearches: true,
	preset: "miniature",
	method: "ours",
	variant: "full",
	setting: "full",
	...part,
});
const rowsOf = (runs: LedgerRun[]) =>
	Object.fromEntries(paperLedger(runs).map(({ id, filled, cells, datasets }) => [id, [filled, cells, datasets]]));

describe("paperLedger", () => {
	it("asks for nothing where nothing was run", () => {
		expect(rowsOf([])).toEqual({
			table2: [0, 0, 0],
			table3: [0, 0, 0],
			figure4: [0, 0, 0],
			figure5: [0, 0, 0],
			figure6: [0, 0, 0],
		});
	});

	it("a comparison asks for Table 2 alone; an ablation asks for Table 3, whose first row the comparison has filled", () => {
		expect(rowsOf([run({}), run({ method: "core" })])).toMatchObject({ table2: [2, 12, 1], table3: [0, 0, 0] });
		expect(rowsOf([run({}), run({ variant: "no-memory" })])).toMatchObject({ table2: [1, 12, 1], table3: [2, 8, 1] });
		expect(rowsOf(TABLE_3_VARIANTS.map(({ id }) => run({ variant: id })))).toMatchObject({ table3: [8, 8, 1] });
	});

	it("counts zero-shot cells by the dataset trained on, and low-resource ones with all of the data", () => {
		const zeroShot = ["a", "b"].map((source) => run({ setting: `zero-shot(${source})` }));
		expect(rowsOf(zeroShot)).toMatchObject({ figure5: [2, 6, 1] });
		expect(rowsOf([run({ setting: "low-resource(0.1)" }), run({})])).toMatchObject({ figure6: [2, 20, 1] });
	});

	it("adds up datasets, and runs of two presets in Table 2 alone", () => {
		const two = [run({}), run({ method: "core", preset: "small" })];
		expect(rowsOf([...two, run({ dataset: "other" })])).toMatchObject({ table2: [3, 24, 2] });
		const cold = two.map((one) => ({ ...one, setting: "cold-start" }));
		expect(rowsOf(cold)).toMatchObject({ figure4: [1, 11, 1] });
	});

	it("asks for no method that needs searches where the log has none", () => {
		expect(rowsOf([run({ method: "sasrec", hasSearches: false })])).toMatchObject({ table2: [1, 7, 1] });
	});

	it("a point of a search over hyperparameters fills nothing", () => {
		expect(rowsOf([run({ variant: "fineTune.epochs=2" })])).toMatchObject({ table2: [0, 0, 0], table3: [0, 0, 0] });
	});

	it("tells what is under way from what was never launched", () => {
		const open = [
			run({ method: "core", isUnderWay: true }),
			run({ isUnderWay: true }),
			run({ setting: "low-resource(0.1)", isUnderWay: true }),
		];
		const { table2, figure6, table3 } = Object.fromEntries(paperLedger([...open, run({})]).map((row) => [row.id, row]));
		expect(table2).toMatchObject({ filled: 1, underWay: 1, cells: 12, datasets: 1 });
		// The whole data of CORE is a point of the curve too.
		expect(figure6).toMatchObject({ filled: 1, underWay: 2, cells: 20, datasets: 1 });
		expect(table3).toMatchObject({ filled: 0, underWay: 0, cells: 0 });
	});
});
