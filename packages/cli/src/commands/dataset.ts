import { setTimeout as sleep } from "node:timers/promises";
import { AppError, PAPER_DATASETS, type PaperDataset, renderGrid, table1Grid } from "@atelier/core";
import { Command, Option } from "commander";
import { type Client, connect } from "../client";
import { whileWatching } from "../interrupt";
import { listOf, noArguments, share, wholeNumber, wholeNumberFrom } from "../options";
import { outlive } from "../outlive";
import { bar, duration, print, printJson, printTable, progressLine } from "../output";
import { handOver } from "../uploads/hand-over";
import { characteristicsCommand } from "./dataset-characteristics";
import { importSummary } from "./import-summary";

const FORMATS = ["atelier", "recbole", "amazon-reviews", "sequences", "mapping"] as const;
const CONTRAST = ["electronics", "toys"] as const;
const CATEGORIES = [...PAPER_DATASETS.map(({ id }) => id), ...CONTRAST];
const POLL_MS = 300;

interface Json {
	json?: boolean;
}
interface ImportOptions extends Json {
	format: (typeof FORMATS)[number];
	name: string;
	group?: string;
	mapping?: string;
	items?: string;
	encoding?: string;
	maxRejected?: number;
	detach?: boolean;
}
interface SampleOptions extends Json {
	name: string;
	users?: number;
	seed?: number;
	/** The sample has the paper's categories, and those that the paper sets fashion against. */
	categories?: (PaperDataset | (typeof CONTRAST)[number])[];
	contrast?: boolean;
	detach?: boolean;
}

interface StartedImport {
	id: string;
	name: string;
	startedAt: Date;
}

/** Follows imports to their end. @throws AppError BAD_DATA with what the import said. */
async function follow(imports: StartedImport[]) {
	const line = progressLine();
	for (;;) {
		const states = await outlive(
			(client, options) => Promise.all(imports.map((one) => client.datasets.importState.query(one, options))),
			(silentMs) => line.show("the console does not answer; the import goes on", `asked for ${duration(silentMs)}`),
		);
		const failed = states.find((state) => state.status === "failed");
		if (failed !== undefined) {
			line.end();
			throw new AppError("BAD_DATA", failed.error ?? `The import of ${failed.name} failed.`);
		}
		const running = states.find((state) => state.status === "importing");
		if (running === undefined) {
			line.end();
			return states;
		}
		const { progress } = running;
		line.show(
			`${running.name}: ${progress?.step ?? "waiting"}`,
			progress ? `${bar(progress.done, progress.total)} ${progress.unit}` : "",
		);
		await sleep(POLL_MS);
	}
}

async function finish(client: Client, imports: StartedImport[], options: Json & { detach?: boolean }) {
	if (options.detach) {
		if (options.json) printJson(imports);
		else print(`Started: ${imports.map((one) => one.name).join(", ")}. See npx atelier dataset list.`);
		return;
	}
	const names = imports.map((one) => one.name).join(", ");
	const states = await whileWatching(
		`The import of ${names} goes on. See how it is doing: npx atelier dataset list`,
		() => follow(imports),
	);
	const datasets = await Promise.all(states.map((state) => client.datasets.get.query({ name: state.name })));
	if (options.json) {
		printJson(datasets.map((dataset, i) => ({ ...dataset, alreadyImported: states[i]?.alreadyImported ?? false })));
		return;
	}
	datasets.forEach((dataset, i) => {
		if (states[i]?.alreadyImported) print(`${dataset.name}: the same bytes are imported already; nothing to do.`);
		else {
			const { items = 0, users = 0, purchases = 0, rejected = 0 } = dataset.counts ?? {};
			const count = (value: number, what: string) => `${value.toLocaleString("en-US")} ${what}`;
			const kept = [count(users, "users"), count(items, "items"), count(purchases, "purchases")].join(", ");
			const why = rejected > 0 ? `: npx atelier dataset show ${dataset.name} says why` : "";
			print(`${dataset.name}: ${kept}; ${count(rejected, "rows")} in quarantine${why}.`);
			for (const line of importSummary(dataset)) print(line);
		}
	});
}

async function importPath(path: string, options: ImportOptions) {
	const client = connect();
	const { format, name, group, mapping, items } = options;
	const started = await client.datasets.import.mutate({
		...(await handOver(client, { path, format, mapping, items })),
		...{ format, name, group },
		encoding: options.encoding,
		maxRejectedShare: options.maxRejected,
	});
	await finish(client, [started], options);
}

async function sample({ name, users, seed, categories, contrast, ...options }: SampleOptions) {
	const client = connect();
	const { datasets } = await client.datasets.sample.mutate({ name, users, seed, categories, contrast });
	await finish(client, datasets, options);
}

async function listDatasets(options: Json) {
	const rows = await connect().datasets.list.query();
	if (options.json) return printJson(rows);
	if (rows.length === 0) return print("No datasets yet. Make the sample: npx atelier dataset sample --name sample");
	printTable(
		["Dataset", "Group", "Status", "Data", "Users", "Items", "Interactions"],
		rows.map((row) => [
			row.name,
			row.group,
			row.status,
			row.synthetic ? "synthetic" : "imported",
			row.statistics?.users,
			row.statistics?.items,
			row.statistics?.interactions,
		]),
	);
}

async function show(name: string, options: Json) {
	const dataset = await connect().datasets.get.query({ name });
	if (options.json) return printJson(dataset);
	if (dataset.status !== "ready") {
		print(`${dataset.name}: ${dataset.status === "failed" ? "the import failed" : "is being imported"}.`);
		if (dataset.error) print(dataset.error);
		return;
	}
	print(renderGrid(table1Grid([{ dataset: name, paper: null, ...dataset }]), "md"));
	print("");
	for (const line of importSummary(dataset)) print(line);
	const reasons = Object.entries(dataset.rejected);
	if (reasons.length === 0) return print("\nNo rows in quarantine.");
	print("");
	printTable(["Rejected because", "Rows"], reasons);
}

async function profile(name: string, options: Json) {
	const values = await connect().datasets.profile.query({ name });
	if (options.json) return printJson(values);
	printTable(
		["Statistic", "Value"],
		Object.entries(values).map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value]),
	);
}

const IMPORT_HELP = `
Rows that cannot be used go to a quarantine with line and reason. An import that fails leaves nothing behind but its
reason (dataset show NAME); the same bytes again are a no-op. The formats: docs/importing.md.

Examples:
  npx atelier dataset import logs/shop --format atelier --name shop
  npx atelier dataset import hm_fashion --format mapping --mapping hm --name hm
  npx atelier dataset import Beauty.txt.gz --format sequences --items Beauty_items.csv.gz --name beauty`;

export function datasetCommand(): Command {
	const dataset = new Command("dataset").description(
		"import shopping logs, make the synthetic sample, look at datasets",
	);
	dataset
		.command("import")
		.description("import a shopping log from a file or folder")
		.argument("<path>", "folder, or file where the format allows it; uploaded where the console may not read it itself")
		.addOption(new Option("--format <format>", "what it is").choices(FORMATS).makeOptionMandatory())
		.requiredOption("--name <name>", "what to call it: lower-case letters, digits, hyphens")
		.option("--group <name>", "datasets of one group are named together, as the categories of a shop")
		.option("--mapping <file>", "for --format mapping: hm, jdsearch, or a YAML file")
		.option("--items <file>", "for --format sequences: a CSV with item_id and attributes")
		.option("--encoding <name>", "of the text files, where it is not UTF-8: windows-1252, utf-16le, shift_jis, …")
		.option(
			"--max-rejected <share>",
			"fail when more than this share of a file's rows is rejected (default 0.05)",
			share,
		)
		.option("--detach", "return at once; dataset list shows how it goes")
		.option("--json", "print one JSON document")
		.addHelpText("after", IMPORT_HELP)
		.action(importPath);
	dataset
		.command("sample")
		.description("make the synthetic sample: four categories, one dataset each, in one group")
		.requiredOption("--name <name>", "name of the group")
		.option("--users <n>", "shoppers a category, at least 50 (default 1200)", wholeNumberFrom(50, 200_000))
		.option("--seed <n>", "seed of the generator (default 1)", wholeNumber)
		.option("--categories <names>", `only these: ${CATEGORIES.join(", ")}`, listOf(CATEGORIES))
		.option("--contrast", "add electronics and toys, to set fashion against; their group is NAME-contrast")
		.option("--detach", "return at once; dataset list shows how it goes")
		.option("--json", "print one JSON document")
		.action(sample);
	dataset
		.command("list", { isDefault: true })
		.description("all datasets (also: npx atelier dataset)")
		.option("--json", "print one JSON document")
		.allowExcessArguments()
		.hook("preAction", noArguments)
		.action(listDatasets);
	dataset
		.command("show")
		.description("one dataset: Table 1's statistics and what was rejected")
		.argument("<name>")
		.option("--json", "print one JSON document")
		.action(show);
	dataset
		.command("profile")
		.description("statistics beyond Table 1")
		.argument("<name>")
		.option("--json", "print one JSON document")
		.action(profile);
	dataset.addCommand(characteristicsCommand());
	dataset
		.command("remove")
		.description("forget a dataset; with --with-runs, its runs too")
		.argument("<name>")
		.option("--with-runs", "remove its runs and their results as well")
		.option("--json", "print one JSON document")
		.action(async (name: string, options: Json & { withRuns?: boolean }) => {
			const removed = await connect().datasets.remove.mutate({ name, withRuns: options.withRuns });
			if (options.json) printJson(removed);
			else print(`Removed ${removed.removed}${removed.runs > 0 ? ` and its ${removed.runs} runs` : ""}.`);
		});
	return dataset;
}
