import { describe, expect, test } from "vitest";
import { type DatasetView, datasetViewCodec } from "~/features/datasets/dataset-view";
import { type LaunchView, launchViewCodec } from "~/features/launch/launch-view";
import { runViewCodec } from "~/features/runs/run-view";
import { type RunsView, runsViewCodec } from "~/features/runs/runs-view";
import type { UrlStateCodec } from "~/features/url-state";

function roundTrip<State>(codec: UrlStateCodec<State>, state: State): State {
	return codec.parse(new URLSearchParams(codec.serialise(state).toString()));
}

const runs: RunsView = {
	dataset: ["sample-footwear", "hm"],
	method: ["ours"],
	variant: ["no-memory"],
	setting: ["low-resource"],
	status: ["running", "failed"],
	launch: "963b943b",
	search: "out of memory, 50 %",
	tags: ["paper"],
	where: [
		{ field: "metric:cold:recall@10", is: "ge", value: "0.2" },
		{ field: "error", is: "has", value: "a, b & c=d" },
		{ field: "config:fineTune.loraRank", is: "none", value: "" },
	],
	columns: [],
	group: ["method", "config:fineTune.loraRank"],
	sort: { by: "recall@10", descending: true },
	peek: "f263d6c2",
};
const dataset: DatasetView = { tab: "shoppers", search: "black & white, wide", user: "u/1 é" };
const launch: LaunchView = {
	suite: "table2",
	datasets: ["a", "b"],
	methods: ["core", "ours"],
	variants: ["full", "no-memory+no-id-embedding"],
	settings: ["zero-shot(a)", "low-resource(0.25)"],
	seeds: "1, 2",
	preset: "small",
	set: "fineTune.epochs=2\nmemory.products=5",
	priority: "-4",
	on: "gpu-1",
	budget: "2.5",
};

describe("a view survives the URL", () => {
	test("runs", () => expect(roundTrip(runsViewCodec, runs)).toEqual(runs));
	test("a dataset", () => expect(roundTrip(datasetViewCodec, dataset)).toEqual(dataset));
	test("a launch", () => expect(roundTrip(launchViewCodec, launch)).toEqual(launch));
	test("a run", () => {
		const view = { stage: "fine-tune", tab: "log" } as const;
		expect(roundTrip(runViewCodec, view)).toEqual(view);
	});
});

function bare<State>(codec: UrlStateCodec<State>): string {
	return codec.serialise(codec.parse(new URLSearchParams())).toString();
}

test("a view as it opens leaves the URL bare", () => {
	expect(bare(runsViewCodec)).toBe("");
	expect(bare(datasetViewCodec)).toBe("");
	expect(bare(launchViewCodec)).toBe("");
	expect(bare(runViewCodec)).toBe("");
});

test("what a URL says that no page knows is dropped", () => {
	expect(runsViewCodec.parse(new URLSearchParams("status=running,stuck")).status).toEqual(["running"]);
	expect(datasetViewCodec.parse(new URLSearchParams("tab=embeddings")).tab).toBe("statistics");
});
