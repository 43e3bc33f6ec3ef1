import {
	type CellUnderWay,
	type ClaimSource,
	comparisonsGrid,
	findingNote,
	GRID_FORMATS,
	methodTitles,
	renderGrid,
	sumUnderWay,
	table1Grid,
	table2Grid,
	table2PaperGrid,
	table3Grid,
	table3PaperGrid,
	underWayWords,
} from "@atelier/core";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { type Client, connect } from "../client";
import { list } from "../options";
import { note, print, printJson } from "../output";
import { withTests } from "../paired-tests";

const TABLES = ["1", "2", "3"] as const;
type Table = (typeof TABLES)[number];
const FORMATS = [...GRID_FORMATS, "json"] as const;

interface TableOptions {
	dataset?: string[];
	preset?: string;
	comparisons?: boolean;
	format?: (typeof FORMATS)[number];
	json?: boolean;
}

function tableNumber(text: string): Table {
	const table = TABLES.find((known) => known === text);
	if (table !== undefined) return table;
	throw new InvalidArgumentError("There are tables 1, 2 and 3. Figures: npx atelier figure 4|5|6.");
}

async function table1(client: Client, { dataset, format }: TableOptions) {
	const rows = await client.results.table1.query({ datasets: dataset });
	if (format === "json") return printJson(rows);
	if (rows.length === 0) return print("No datasets yet. Make the sample: npx atelier dataset sample --name sample");
	print(renderGrid(table1Grid(rows), format ?? "md"));
}

async function table2(client: Client, { dataset, preset, comparisons: only, format }: TableOptions) {
	// Paired tests take their time; a table that shows none need not wait for them.
	const comparisons = only || format !== "csv";
	const result = await withTests(() => client.results.table2.query({ datasets: dataset, preset, comparisons }));
	if (format === "json") return printJson(result);
	const datasets = sayWhatIsMissing("table2", result.datasets, ({ cells }) => cells, preset);
	if (datasets.length === 0) return;
	const titles = methodTitles(datasets.flatMap(({ cells }) => cells.map(({ method }) => method)));
	const tests = comparisonsGrid(result.comparisons ?? [], titles);
	if (only) return print(renderGrid(tests, format ?? "md"));
	if (format === "latex") return print(renderGrid(table2PaperGrid(datasets, titles, result.comparisons), format));
	// Three columns a dataset do not fit a terminal: there, one table a dataset.
	const grids = format === undefined ? datasets.map((one) => [one]) : [datasets];
	print(grids.map((some) => renderGrid(table2Grid(some, titles), format ?? "md")).join("\n"));
	if (result.madeUnlike !== null && (format === undefined || format === "md")) print(`\n${result.madeUnlike}`);
	if (comparisons && tests.rows.length > 0) print(`\n${renderGrid(tests, "md")}`);
	if (format === undefined) await printFindings(client, "table-2", dataset, preset);
}

async function table3(client: Client, { dataset, preset, format }: TableOptions) {
	const result = await withTests(() => client.results.table3.query({ datasets: dataset, preset }));
	if (format === "json") return printJson(result);
	const datasets = sayWhatIsMissing("table3", result.datasets, ({ rows }) => rows, preset);
	if (datasets.length === 0) return;
	const grid = format === "latex" ? table3PaperGrid : table3Grid;
	print(datasets.map((one) => renderGrid(grid(one), format ?? "md")).join("\n"));
	if (result.madeUnlike !== null && (format === undefined || format === "md")) print(`\n${result.madeUnlike}`);
	for (const { name, missing } of datasets) {
		if (missing === null) continue;
		const rows = missing.variants.join(", ");
		note(`Not measured on ${name}: ${rows}. Start them: ${missing.command}`);
	}
	if (format === undefined) await printFindings(client, "table-3", dataset, preset);
}

/** The datasets that have a measured row; of the others it says, beside the table, what to launch. */
function sayWhatIsMissing<D extends { name: string }>(
	suite: string,
	all: readonly D[],
	cellsOf: (dataset: D) => readonly { runs: readonly unknown[]; underWay: CellUnderWay | null }[],
	preset: string | undefined,
): D[] {
	const isMeasured = (one: D) => cellsOf(one).some(({ runs }) => runs.length > 0);
	const measured = all.filter(isMeasured);
	for (const one of all) sayUnderWay(one.name, cellsOf(one));
	const without = all.filter((one) => !isMeasured(one) && sumUnderWay(cellsOf(one)) === null).map(({ name }) => name);
	if (without.length > 0 || all.length === 0) {
		// Not in the table: its text may go straight into a file.
		const where = without.length > 0 ? ` on ${without.join(", ")}` : "";
		const how = `npx atelier launch ${suite} --dataset ${without[0] ?? "NAME"}`;
		note(`No succeeded runs${where}${preset ? ` with preset ${preset}` : ""}. Start some: ${how}`);
	}
	return measured;
}

/** Cells that are not in the table yet because their runs wait or run. */
export function sayUnderWay(where: string, cells: readonly { underWay: CellUnderWay | null }[]): void {
	const sum = sumUnderWay(cells);
	if (sum === null) return;
	const follow = sum.launches.map((id) => `npx atelier runs list --launch ${id}`).join("; ");
	note(`Under way on ${where}: ${underWayWords(sum)}. Follow it: ${follow}`);
}

/** What the paper concludes from a table or figure, and whether it was found here. */
export async function printFindings(client: Client, source: ClaimSource, datasets?: string[], preset?: string) {
	const { findings } = await withTests(() => client.results.findings.query({ sources: [source], datasets, preset }));
	const measured = findings.filter(({ verdict }) => verdict !== "not measured");
	if (measured.length > 0) print(`\n${measured.map((finding) => `- ${findingNote(finding)}`).join("\n")}`);
}

const TABLE_HELP = `
Table 3 says in words, under the table, which of the paper's conclusions were found; so does Table 2.

Examples:
  npx atelier table 1
  npx atelier table 2 --dataset sample
  npx atelier table 2 --dataset sample --comparisons --format csv > tests.csv
  npx atelier table 2 --dataset sample --format latex > table2.tex
  npx atelier table 3 --dataset sample-luggage-bags`;

export const tableCommand = () =>
	new Command("table")
		.description("print a table of the paper, filled with what was measured here")
		.addArgument(
			new Argument("<table>", "1: statistics of the datasets; 2: the comparison; 3: the ablations").argParser(
				tableNumber,
			),
		)
		.option("--dataset <names>", "datasets or groups, separated by commas (default: all)", list)
		.option("--preset <name>", "only runs of this preset (tables 2 and 3)")
		.option("--comparisons", "table 2: only the paired tests of ours and ours-plus against every other row")
		.addOption(
			new Option(
				"--format <format>",
				"how to write it (default: Markdown for reading, one part for each dataset)",
			).choices(FORMATS),
		)
		.option("--json", "the same as --format json")
		.addHelpText("after", TABLE_HELP)
		.action((table: Table, given: TableOptions, command: Command) => {
			if (given.comparisons && table !== "2") command.error("error: --comparisons is for table 2.");
			const options: TableOptions = given.json ? { ...given, format: "json" } : given;
			const make = { "1": table1, "2": table2, "3": table3 }[table];
			return make(connect(), options);
		});
