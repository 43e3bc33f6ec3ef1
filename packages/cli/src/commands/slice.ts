import { AppError, GRID_FORMATS, metricTitle, renderGrid, slicedGrid } from "@atelier/core";
import { Command, Option } from "commander";
import { connect } from "../client";
import { list, listOf, wholeNumberFrom } from "../options";
import { note, print, printJson, printTable } from "../output";
import { withTests } from "../paired-tests";

const METRICS = ["recall", "ndcg", "mrr", "hit"] as const;
const FORMATS = [...GRID_FORMATS, "json"] as const;

interface SliceOptions {
	by?: string;
	metrics?: (typeof METRICS)[number][];
	k?: number;
	methods?: string[];
	reference?: string;
	setting?: string;
	variant?: string;
	preset?: string;
	attributes?: boolean;
	format?: (typeof FORMATS)[number];
	json?: boolean;
}

async function attributes(dataset: string, isJson: boolean) {
	const offered = await connect().slices.attributes.query({ dataset });
	if (isJson) return printJson(offered);
	printTable(
		["Attribute", "Kind", "What it is", "Here"],
		offered.attributes.map(({ name, kind, description, lacks, values, left, from, to }) => {
			const some = values.slice(0, 5).map(({ value, count }) => `${value} (${count})`);
			const rest = Math.max(0, values.length - 5) + left;
			const here = kind === "number" ? `${from} to ${to}` : [...some, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
			return [name, kind, description, lacks === null ? here : `not known: ${lacks}`];
		}),
	);
	print("\nReady slices:\n");
	printTable(
		["Name", "Slice", "About"],
		offered.ready.map(({ name, text, about }) => [name, text, about]),
	);
}

async function slice(dataset: string, text: string | undefined, given: SliceOptions) {
	const format = given.json ? "json" : given.format;
	if (given.attributes) return attributes(dataset, format === "json");
	const { attributes: _, format: __, json: ___, ...asked } = given;
	const client = connect();
	const view = await withTests(() => client.results.sliced.query({ dataset, slice: text ?? "", ...asked }));
	if (format === "json") return printJson(view);
	const { groups, users, of, tests } = view;
	if (groups === null || users === null || of === null)
		throw new AppError("INTERNAL", "The slice came without figures.");
	for (const { method, why } of view.leftOut) note(`${method} is left out. ${why}`);
	if (users === 0) note(`No test shopper is in this slice, of ${of}.`);
	const grid = slicedGrid({ ...view, dataset: view.dataset.name, groups, users, of, tests: tests ?? 0 });
	print(renderGrid(grid, format ?? "md"));
}

const SLICE_HELP = `
A slice says which test shoppers count: cold and history >= 5 and not season = winter (docs/slices.md). Without one all do.
The name of a saved slice, or of a ready one (C1 to C4), stands for its text; --attributes lists what there is.

Examples:
  npx atelier slice sample-clothing --attributes
  npx atelier slice sample-clothing "cold and history >= 5" --metrics recall,ndcg --k 5
  npx atelier slice sample-clothing --by season --reference core
  npx atelier slice sample-clothing "query-rarity <= 3" --by comparisons --format csv > rare.csv`;

export const sliceCommand = () =>
	new Command("slice")
		.description("methods on a part of the test shoppers, or over the values of an attribute, for any K and metric")
		.argument("<dataset>", "a dataset")
		.argument("[slice]", "which of its test shoppers (default: all)")
		.option("--by <attribute>", "one row for each value, those with the largest differences first")
		.option(
			"--metrics <names>",
			`of ${METRICS.map((name) => metricTitle(name)).join(", ")}: ${METRICS.join(",")}`,
			listOf(METRICS),
		)
		.option(
			"--k <number>",
			"how many items of each list count (default: as the runs were evaluated)",
			wholeNumberFrom(1, 1_000),
		)
		.option("--methods <names>", "separated by commas (default: all that were measured)", list)
		.option("--reference <method>", "what all others are compared with (default: ours)")
		.option("--setting <name>", "full, cold-start, zero-shot(DATASET) or low-resource(SHARE) (default: full)")
		.option("--variant <name>", "a variant of the framework (default: full)")
		.option("--preset <name>", "only runs of this preset")
		.option("--attributes", "only list what this dataset can be sliced by")
		.addOption(new Option("--format <format>", "how to write it (default: Markdown for reading)").choices(FORMATS))
		.option("--json", "the same as --format json")
		.addHelpText("after", SLICE_HELP)
		.action(slice);
