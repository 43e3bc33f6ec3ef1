import { describe, expect, it } from "vitest";
import { figuresViewCodec } from "./figures-view";
import { describeLines, type LowResource, lineRows, linesGrid, prepareLines, reachOfLines } from "./prepare-lines";

type Curve = LowResource["curves"][number];
const nothing = { "recall@10": null, "ndcg@10": null, "mrr@10": null };
const curve = (method: Curve["method"], values: [number, number | null][], deviation: number | null = null): Curve => ({
	method,
	points: values.map(([ratio, value]) => ({
		ratio,
		setting: ratio === 1 ? "full" : `low-resource(${ratio})`,
		runs: [],
		users: 50,
		warnings: [],
		underWay: null,
		metrics:
			value === null
				? nothing
				: {
						...nothing,
						"recall@10":
							deviation === null
								? { value, low: value - 0.02, high: value + 0.03, deviation: null }
								: { value, low: null, high: null, deviation },
					},
	})),
});
const curves = [
	curve("ours", [
		[0.1, 0.1],
		[1, 0.3],
	]),
	curve("core", [
		[0.1, 0.05],
		[0.5, 0.2],
		[1, null],
	]),
	curve("recformer", [[0.1, null]]),
];

describe("learning curves", () => {
	const lines = prepareLines({ curves }, "recall@10");
	it("are drawn with ours last, those without a point left out", () => {
		expect(lines.map(({ method }) => method)).toEqual(["core", "ours"]);
	});
	it("have one row a share, in order, with a value only where one was measured", () => {
		const about = (...bounds: number[]) => bounds.map((bound) => expect.closeTo(bound));
		expect(lineRows(lines)).toEqual([
			{ ratio: 0.1, core: 0.05, "band core": about(0.03, 0.08), ours: 0.1, "band ours": about(0.08, 0.13) },
			{ ratio: 0.5, core: 0.2, "band core": about(0.18, 0.23) },
			{ ratio: 1, ours: 0.3, "band ours": about(0.28, 0.33) },
		]);
		expect(reachOfLines(lines)).toBeCloseTo(0.33);
	});
	it("have a deviation to either side where several seeds were run", () => {
		const [line] = prepareLines({ curves: [curve("ours", [[1, 0.3]], 0.05)] }, "recall@10");
		expect(line?.points).toEqual([{ ratio: 1, value: 0.3, band: [expect.closeTo(0.25), expect.closeTo(0.35)] }]);
	});
	it("say where they begin and end, and leave who is above whom to the tests beside", () => {
		expect(describeLines(lines, "recall@10")).toMatch(
			/^Recall@10 with 10 % and 100 % of the training sequences: .*Ours 0\.100 and 0\.300/,
		);
		expect(describeLines(lines, "recall@10")).not.toMatch(/lead|above|best/);
		expect(describeLines([], "recall@10")).toBe("");
	});
	it("are exported point by point", () => {
		expect(linesGrid(lines, "", "recall@10").rows).toHaveLength(4);
	});
});

it("a view is a link: what is serialised is parsed back", () => {
	const view = { dataset: ["hm"], metric: "mrr@10" } as const;
	expect(figuresViewCodec.parse(figuresViewCodec.serialise({ ...view, dataset: ["hm"] }))).toEqual(view);
});
