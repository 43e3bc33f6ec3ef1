import { expect, it } from "vitest";
import { isFiltered, type RunsView, runsViewCodec } from "./runs-view";

const { parse, serialise } = runsViewCodec;

it("a view of runs survives its address: conditions with any characters, no columns, groups and order", () => {
	const view: RunsView = {
		...parse(new URLSearchParams()),
		search: "out of memory, 50%",
		tags: ["paper"],
		where: [
			{ field: "metric:cold:recall@10", is: "ge", value: "0.2" },
			{ field: "error", is: "has", value: "a, b & c=d" },
			{ field: "config:fineTune.loraRank", is: "none", value: "" },
		],
		columns: [],
		group: ["method", "config:fineTune.loraRank"],
		sort: { by: "config:fineTune.epochs", descending: true },
	};
	expect(parse(new URLSearchParams(serialise(view).toString()))).toEqual(view);
	expect(isFiltered(view)).toBe(true);
});

it("an address without anything shows every run, with the columns that differ", () => {
	const view = parse(new URLSearchParams());
	expect([serialise(view).toString(), view.columns, isFiltered(view)]).toEqual(["", null, false]);
});
