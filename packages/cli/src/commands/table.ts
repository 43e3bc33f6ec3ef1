import { GRID_FORMATS, METHODS, renderGrid, table1Grid, table2Grid } from "@atelier/core";
import { Argument, Command, Option } from "commander";
import { connect } from "../client";
import { list } from "../options";
import { print, printJson } from "../output";

const TABLES = ["1", "2"] as const;
const FORMATS = [...GRID_FORMATS, "json"] as const;

interface TableOptions {
	dataset?: string[];
	preset?: string;
	format: (typeof FORMATS)[number];
	json?: boolean;
}

export const tableCommand = () =>
	new Command("table")
		.description("print a table of the paper, filled with what was measured here")
		.addArgument(new Argument("<table>", "1: statistics of the datasets; 2: the comparison").choices(TABLES))
		.option("--dataset <names>", "datasets or groups, separated by commas (default: all)", list)
		.option("--preset <name>", "only runs of this preset (table 2)")
		.addOption(new Option("--format <format>", "how to write it").choices(FORMATS).default("md"))
		.option("--json", "the same as --format json")
		.action(async (table: (typeof TABLES)[number], options: TableOptions) => {
			const client = connect();
			const isJson = options.json || options.format === "json";
			const format = options.format === "json" ? "md" : options.format;
			const datasets = options.dataset;
			if (table === "1") {
				const rows = await client.results.table1.query({ datasets });
				if (isJson) printJson(rows);
				else print(renderGrid(table1Grid(rows), format));
				return;
			}
			const result = await client.results.table2.query({ datasets, preset: options.preset });
			const titles = new Map<string, string>(METHODS.map(({ id, title }) => [id, title]));
			if (isJson) printJson(result);
			else print(renderGrid(table2Grid(result.datasets, titles), format));
		});
