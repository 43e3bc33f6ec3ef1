import { GRID_FORMATS, METHODS, renderGrid, table1Grid, table2Grid } from "@atelier/core";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { type Client, connect } from "../client";
import { list } from "../options";
import { print, printJson } from "../output";

const TABLES = ["1", "2"] as const;
type Table = (typeof TABLES)[number];
const FORMATS = [...GRID_FORMATS, "json"] as const;

interface TableOptions {
	dataset?: string[];
	preset?: string;
	format?: (typeof FORMATS)[number];
	json?: boolean;
}

function tableNumber(text: string): Table {
	const table = TABLES.find((known) => known === text);
	if (table !== undefined) return table;
	throw new InvalidArgumentError(
		text === "3" ? "Table 3, the ablations, cannot be made yet: there are 1 and 2." : "There are tables 1 and 2.",
	);
}

async function table1(client: Client, { dataset, format, json }: TableOptions) {
	const rows = await client.results.table1.query({ datasets: dataset });
	if (json || format === "json") return printJson(rows);
	if (rows.length === 0) return print("No datasets yet. Make the sample: npx atelier dataset sample --name sample");
	print(renderGrid(table1Grid(rows), format ?? "md"));
}

async function table2(client: Client, { dataset, preset, format, json }: TableOptions) {
	const result = await client.results.table2.query({ datasets: dataset, preset });
	if (json || format === "json") return printJson(result);
	const isMeasured = (one: (typeof result.datasets)[number]) => one.cells.some((cell) => cell.runs.length > 0);
	const datasets = result.datasets.filter(isMeasured);
	const without = result.datasets.filter((one) => !isMeasured(one)).map(({ name }) => name);
	if (without.length > 0 || datasets.length === 0) {
		// Beside the table, not in it: its text may go straight into a file.
		const where = without.length > 0 ? ` on ${without.join(", ")}` : "";
		const how = `npx atelier launch table2 --dataset ${without[0] ?? "NAME"}`;
		process.stderr.write(`No succeeded runs${where}${preset ? ` with preset ${preset}` : ""}. Start some: ${how}\n`);
	}
	if (datasets.length === 0) return;
	const titles = new Map<string, string>(METHODS.map(({ id, title }) => [id, title]));
	if (format !== undefined) return print(renderGrid(table2Grid(datasets, titles), format));
	// Three columns a dataset do not fit a terminal: there, one table a dataset.
	print(datasets.map((one) => renderGrid(table2Grid([one], titles), "md")).join("\n"));
}

export const tableCommand = () =>
	new Command("table")
		.description("print a table of the paper, filled with what was measured here")
		.addArgument(new Argument("<table>", "1: statistics of the datasets; 2: the comparison").argParser(tableNumber))
		.option("--dataset <names>", "datasets or groups, separated by commas (default: all)", list)
		.option("--preset <name>", "only runs of this preset (table 2)")
		.addOption(
			new Option(
				"--format <format>",
				"how to write it (default: Markdown, and of table 2 one part for each dataset)",
			).choices(FORMATS),
		)
		.option("--json", "the same as --format json")
		.addHelpText(
			"after",
			`
Examples:
  npx atelier table 1
  npx atelier table 2 --dataset sample
  npx atelier table 2 --dataset sample --format latex > table2.tex`,
		)
		.action((table: Table, options: TableOptions) => {
			const client = connect();
			return table === "1" ? table1(client, options) : table2(client, options);
		});
