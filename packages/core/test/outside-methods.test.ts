import { describe, expect, it } from "vitest";
import {
	METHOD_IDS,
	METHODS,
	methodStyle,
	methodsInOrder,
	methodTitle,
	OUTSIDE_COLOURS,
	outsideMethod,
	outsideName,
	table2Grid,
} from "../src";

describe("an outside method's name", () => {
	it("is kept as people write it, blanks at its ends and decomposed letters aside", () => {
		expect(outsideName.parse("  SASRec (RecBole) ")).toBe("SASRec (RecBole)");
		expect(outsideName.parse("Me\u0301thode")).toBe("M\u00e9thode");
		expect(outsideName.parse("我的方法 2")).toBe("我的方法 2");
	});

	it.each([
		["", "a name"],
		["=cmd()", "begin with a letter"],
		["-x", "begin with a letter"],
		["a\u202eb", "cannot be seen"],
		["a\nb", "cannot be seen"],
		["a  b", "one plain blank"],
		["a\u00a0b", "one plain blank"],
		["x".repeat(61), "at most 60"],
		["sasrec", "Atelier runs itself"],
		["SASRec", "Atelier runs itself"],
	])("%j is refused: %s", (name, why) => {
		const problem = outsideName
			.safeParse(name)
			.error?.issues.map(({ message }) => message)
			.join("; ");
		expect(problem).toContain(why);
	});
});

it("outside methods stand after all others by their names, and their titles say what they are", () => {
	const found = ["outside:Zeta", "core", "outside:Alpha", "outside:Zeta"];
	expect(methodsInOrder(found)).toEqual([...METHOD_IDS, "outside:Alpha", "outside:Zeta"]);
	expect(methodTitle("outside:Alpha")).toBe("Alpha (outside)");
	expect(methodTitle("core")).toBe("CORE");
	expect(methodTitle("of-another-version")).toBe("of-another-version");
});

it("an outside method has a colour that no method of ours has, and the same one each time", () => {
	const ours = new Set<string>(METHODS.flatMap(({ colour }) => [colour.light, colour.dark]));
	expect(OUTSIDE_COLOURS.flatMap(({ light, dark }) => [light, dark]).filter((colour) => ours.has(colour))).toEqual([]);
	const style = methodStyle(outsideMethod("My method"));
	expect(style).toEqual(methodStyle("outside:My method"));
	expect(style.key).toMatch(/^outside-\d$/);
});

it("Table 2 names an outside row as one, below ours", () => {
	const measured = { value: 0.5, low: null, high: null, deviation: null };
	const metrics = { "recall@10": measured, "ndcg@10": measured, "mrr@10": measured };
	const cells = ["ours", "outside:Mine"].map((method) => ({ method, metrics, warnings: [], paper: null }));
	const titles = new Map(["ours", "outside:Mine"].map((method) => [method, methodTitle(method)]));
	const grid = table2Grid([{ name: "shop", synthetic: false, queriesDerived: false, protocol: null, cells }], titles);
	expect(grid.rows.map(([first]) => first?.text)).toEqual(["Ours", "Mine (outside)"]);
});
