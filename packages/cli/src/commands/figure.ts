import { writeFile } from "node:fs/promises";
import {
	AppError,
	cellsFigure,
	curvesFigure,
	FIGURES,
	type FigureData,
	figureDataGrid,
	figureGrid,
	renderGrid,
	sumUnderWay,
	visibleJson,
} from "@atelier/core";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { drawPng, drawSvg } from "../charts/draw";
import { figureSpec } from "../charts/figure-spec";
import { type Client, connect } from "../client";
import { list } from "../options";
import { note, print } from "../output";
import { printFindings, sayUnderWay } from "./table";

type Figure = keyof typeof FIGURES;
const FORMATS = ["md", "csv", "svg", "png", "json"] as const;
type Format = (typeof FORMATS)[number];

interface FigureOptions {
	dataset?: string[];
	preset?: string;
	format?: Format;
	out?: string;
	json?: boolean;
}

function figureNumber(text: string): Figure {
	const figure = ([4, 5, 6] as const).find((known) => String(known) === text);
	if (figure !== undefined) return figure;
	throw new InvalidArgumentError("There are figures 4, 5 and 6. Tables: npx atelier table 1|2|3.");
}

/** What the console answers, and the same as rows. */
async function fetchFigure(client: Client, figure: Figure, { dataset, preset }: FigureOptions) {
	const { title } = FIGURES[figure];
	const input = { datasets: dataset, preset };
	switch (figure) {
		case 4: {
			const answer = await client.results.figure4.query(input);
			return {
				answer,
				data: cellsFigure(title, answer.datasets),
				missing: missingIn(answer.datasets),
				open: answer.datasets,
			};
		}
		case 5: {
			const answer = await client.results.figure5.query(input);
			return { answer, data: cellsFigure(title, answer.pairs), missing: missingIn(answer.pairs), open: answer.pairs };
		}
		case 6: {
			const answer = await client.results.figure6.query(input);
			return {
				answer,
				data: curvesFigure(title, answer.datasets),
				missing: missingIn(answer.datasets),
				open: answer.datasets.map(cellsOfCurves),
			};
		}
	}
}

function cellsOfCurves<Point>({ name, curves }: { name: string; curves: readonly { points: readonly Point[] }[] }) {
	return { name, cells: curves.flatMap(({ points }) => points) };
}

const missingIn = (panels: readonly { missing: { command: string } | null }[]): string[] =>
	panels.flatMap(({ missing }) => missing?.command ?? []);

async function figure(number: Figure, options: FigureOptions) {
	const format = options.json ? "json" : (options.format ?? "md");
	if (format === "png" && options.out === undefined && process.stdout.isTTY) {
		throw new AppError("BAD_REQUEST", "A PNG is no text for a terminal: add --out FILE.png, or redirect it to a file.");
	}
	const client = connect();
	const { answer, data, missing, open } = await fetchFigure(client, number, options);
	if (format === "json") return write(`${visibleJson(answer, 2)}\n`, options.out);
	for (const { name, cells } of open) sayUnderWay(name, cells);
	if (data.rows.length === 0) {
		if (open.some(({ cells }) => sumUnderWay(cells) !== null)) return;
		const where = options.dataset?.join(",") ?? "NAME";
		const which = `${options.dataset ? ` on ${where}` : ""}${options.preset ? ` with preset ${options.preset}` : ""}`;
		const how = `npx atelier launch ${FIGURES[number].suite} --dataset ${where}`;
		note(`Nothing was measured for figure ${number}${which}. Start some runs: ${how}`);
		return;
	}
	await write(await render(data, format), options.out);
	for (const command of missing) note(`Points are missing. Start their runs: ${command}`);
	if (options.format === undefined && options.out === undefined) {
		await printFindings(client, `figure-${number}`, options.dataset, options.preset);
	}
}

async function render(data: FigureData, format: Exclude<Format, "json">): Promise<string | Buffer> {
	switch (format) {
		case "md":
			return renderGrid(figureGrid(data), "md");
		case "csv":
			return renderGrid(figureDataGrid(data), "csv");
		case "svg":
			return drawSvg(figureSpec(data));
		case "png":
			return drawPng(figureSpec(data));
	}
}

async function write(content: string | Buffer, out: string | undefined) {
	if (out !== undefined) await writeFile(out, content);
	else if (typeof content === "string") print(content);
	else process.stdout.write(content);
}

const FIGURE_HELP = `
The paper's figures are pictures without numbers, so none of its values stand beside the measured ones; under the default
form it is said in words what the paper concludes, and whether that was found here.

Examples:
  npx atelier figure 4 --dataset sample
  npx atelier figure 6 --dataset sample-luggage-bags --format svg > figure6.svg
  npx atelier figure 5 --format png --out figure5.png
  npx atelier figure 6 --format csv > figure6.csv`;

export const figureCommand = () =>
	new Command("figure")
		.description("draw a figure of the paper from what was measured here")
		.addArgument(new Argument("<figure>", "4: cold start; 5: zero-shot; 6: low resource").argParser(figureNumber))
		.option("--dataset <names>", "datasets or groups, separated by commas (default: all)", list)
		.option("--preset <name>", "only runs of this preset")
		.addOption(
			new Option("--format <format>", "how to write it (default: Markdown, with the findings)").choices(FORMATS),
		)
		.option("--out <file>", "write it there instead of to stdout")
		.option("--json", "the same as --format json")
		.addHelpText("after", FIGURE_HELP)
		.action(figure);
