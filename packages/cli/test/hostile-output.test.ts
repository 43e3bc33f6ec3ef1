import { hasHidden } from "@atelier/core";
import { hostileTitles } from "@atelier/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { drawSvg } from "../src/charts/draw";
import { figureSpec } from "../src/charts/figure-spec";
import { note, print, printJson, printTable, progressLine } from "../src/output";

let written = "";
const listen = () => {
	written = "";
	for (const stream of ["stdout", "stderr"] as const) {
		vi.spyOn(process[stream], "write").mockImplementation((text) => {
			written += String(text);
			return true;
		});
	}
};
afterEach(() => vi.restoreAllMocks());
// Line breaks and tabs of a text of several lines stay.
const hidden = () => written.split(/[\n\t]/).filter((line) => hasHidden(line));

describe.each(hostileTitles)("what holds $what reaches no terminal raw", ({ title }) => {
	it("as a cell or a head of a table, which keeps its lines", () => {
		listen();
		printTable(["Title", title], [[title, 1]]);
		expect(hidden()).toEqual([]);
		expect(written.trimEnd().split("\n")).toHaveLength(3);
	});

	it("as a line, a note, progress or JSON", () => {
		listen();
		print(title);
		note(title);
		progressLine().show(title, title);
		printJson({ [title]: title });
		expect(hidden()).toEqual([]);
	});

	it("in a figure, which is XML", async () => {
		const metric = { value: 0.1, low: 0.05, high: 0.2, deviation: null };
		const svg = await drawSvg(
			figureSpec({
				title,
				rows: [
					{
						...{ dataset: title, source: title, ratio: null, method: "ours", users: 9 },
						metrics: { "recall@10": metric, "ndcg@10": metric, "mrr@10": metric },
						warnings: [],
					},
				],
				datasets: [{ name: title, synthetic: true, queriesDerived: false, protocol: null, preset: null }],
			}),
		);
		expect(svg.split("\n").filter((line) => hasHidden(line))).toEqual([]);
		expect(svg).not.toMatch(/<script|<img/);
	});
});
