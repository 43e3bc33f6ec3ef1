import { describe, expect, it } from "vitest";
import { completed, completionsAt, type KnownAttribute } from "./complete-slice";
import { type SlicesView, slicesViewCodec } from "./slices-view";

const ATTRIBUTES: KnownAttribute[] = [
	{ name: "cold", title: "Cold target", kind: "flag", lacks: null, values: [] },
	{ name: "history", title: "History length", kind: "number", lacks: null, values: [] },
	{
		...{ name: "category", title: "Category", kind: "category", lacks: null },
		values: [
			{ value: "dress shoes", count: 40 },
			{ value: "shirts", count: 30 },
		],
	},
	{ name: "price-band", title: "Price band", kind: "number", lacks: "no item has a price.", values: [] },
];
const at = (text: string) => completionsAt(text, text.length, ATTRIBUTES);
const texts = (text: string) => at(text).options.map((option) => option.text);

describe("completion of a slice", () => {
	it("offers attributes where a condition begins, but none that the data set lacks", () => {
		expect(texts("")).toEqual(["cold", "history", "category", "not"]);
		expect(texts("cold and (")).toContain("history");
		expect(texts("not ")).not.toContain("not");
		expect(texts("cold or cat")).toEqual(["category"]);
	});
	it("offers values after a sign and within a list, written so that they can be read again", () => {
		expect(texts("category = ")).toEqual(['"dress shoes"', "shirts"]);
		expect(texts("category = dre")).toEqual(['"dress shoes"']);
		expect(texts("not category in (shirts, ")).toEqual(['"dress shoes"', "shirts"]);
	});
	it("offers signs after an attribute that is compared, and words that join after a condition", () => {
		expect(texts("history ")).toEqual([">=", "<=", "=", "and", "or"]);
		expect(texts("category = shirts ")).toEqual(["and", "or"]);
		expect(texts("cold ")).toEqual(["and", "or"]);
	});
	it("takes a completion in place of the word under the cursor, wherever that is", () => {
		const text = "cold and cat";
		expect(completed(text, at(text), { text: "category", note: "" })).toEqual({
			text: "cold and category ",
			cursor: 18,
		});
		const within = completionsAt("co and query", 2, ATTRIBUTES);
		expect(completed("co and query", within, { text: "cold", note: "" })).toEqual({
			text: "cold and query",
			cursor: 4,
		});
	});
});

it("a view is a link: what is serialised is parsed back", () => {
	const view: SlicesView = {
		...{ dataset: "hm", by: "item.heel", metric: "mrr", k: 20, reference: "core", methods: ["core", "ours"] },
		slice: 'category = "dress shoes" and history >= 5',
	};
	expect(slicesViewCodec.parse(slicesViewCodec.serialise(view))).toEqual(view);
	expect(slicesViewCodec.serialise(slicesViewCodec.parse(new URLSearchParams())).toString()).toBe("");
	expect(slicesViewCodec.parse(new URLSearchParams("k=0")).k).toBeNull();
});
