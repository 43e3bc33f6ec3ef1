import { Command } from "commander";
import { type Client, connect } from "../client";
import { list } from "../options";
import { print, printJson, printTable } from "../output";

interface Options {
	json?: boolean;
	reference?: string;
}
type Datasets = Client["datasets"];
type Characteristics = Awaited<ReturnType<Datasets["characteristics"]["query"]>>;
type Overview = Awaited<ReturnType<Datasets["characteristicsOverview"]["query"]>>;

/** Enough digits to compare by, as a number so that the column stands to the right. */
function rounded(value: number | null | undefined): number | null {
	return value === null || value === undefined ? null : Number(value.toFixed(Math.abs(value) < 1 ? 3 : 2));
}

async function characteristics(names: string[], options: Options) {
	const { datasets } = connect();
	const overview = await datasets.characteristicsOverview.query({ names, reference: options.reference });
	const [only] = overview.datasets;
	const single =
		overview.datasets.length === 1 && only ? await datasets.characteristics.query({ name: only.name }) : null;
	if (options.json) return printJson(single && !options.reference ? single : overview);
	printFigures(overview);
	if (single) printParts(single);
}

function printFigures({ definitions, reference, datasets }: Overview) {
	printTable(
		["", "Key figure", ...datasets.map(({ name }) => name)],
		definitions.map(({ key, part, title }) => [part, title, ...datasets.map(({ figures }) => rounded(figures?.[key]))]),
	);
	for (const { name, problem } of datasets) if (problem) print(`${name}: ${problem}`);
	const others = datasets.filter((dataset) => !dataset.isReference);
	if (reference === null || others.length === 0) return;
	const { name, members } = reference;
	const mean = members.length > 1 ? ` (the mean of ${members.join(", ")})` : "";
	print(`\nHow many times as much ${name} has${mean}:\n`);
	const claims = others.filter(({ paperRatios }) => paperRatios !== null);
	printTable(
		["", "Key figure", ...others.map((other) => other.name), ...claims.map((other) => `paper: ${other.name}`)],
		definitions.map(({ key, part, title }) => [
			part,
			title,
			...others.map(({ ratios }) => rounded(ratios?.[key])),
			...claims.map(({ paperRatios }) => paperRatios?.[key]),
		]),
	);
	if (claims.length > 0) print("\nThe paper's ratios are those of all Amazon fashion to its electronics and toys.");
}

function printParts({ turnover, comparisons, attributeDriven, queryDiversity }: Characteristics) {
	const { newProducts, unseen } = turnover;
	const parts = [
		["C1 new products", newProducts],
		["C1 unseen test purchases", unseen],
		["C2 interactions a purchase", comparisons.interactionsPerPurchase],
		["C2 products compared", comparisons.compared],
		["C3 demand by month", attributeDriven],
		["C4 queries", queryDiversity],
		["C4 queries a day", queryDiversity.available ? queryDiversity.perDay : queryDiversity],
	] as const;
	const missing = parts.flatMap(([title, part]) =>
		part.available ? [] : [`${title}: not available, because ${part.reason}`],
	);
	if (missing.length > 0) print(`\n${missing.join("\n")}`);
	if (!attributeDriven.available) return;
	print("\nC3, lift by month of the year (brackets: fewer than five purchases expected):\n");
	printTable(
		["Attribute", "Value", "Purchases", ...attributeDriven.months.map(({ month }) => MONTHS[month - 1] ?? "")],
		attributeDriven.attributes.flatMap(({ attribute, rows }) =>
			rows.map(({ value, purchases, cells }) => [
				attribute,
				value,
				purchases,
				...cells.map(({ lift, small }) => (small ? `(${lift.toFixed(2)})` : lift.toFixed(2))),
			]),
		),
	);
	const said = attributeDriven.attributes.map(
		({ attribute, cells, cellsApart, coverage }) =>
			`${attribute}: ${(coverage * 100).toFixed(0)} % of purchases have one; ${cellsApart} of ${cells} cells differ from 1 at 95 %`,
	);
	print(`\n${said.join("\n")}`);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const HELP = `
The name of a group stands for its members. What each figure means: docs/synthetic.md.

Examples:
  npx atelier dataset characteristics sample-clothing
  npx atelier dataset characteristics sample-contrast --reference sample`;

/** `atelier dataset characteristics`: C1 to C4 of the paper's section 3, measured. */
export function characteristicsCommand(): Command {
	return new Command("characteristics")
		.description("turnover, comparisons, seasonal demand and query diversity (C1 to C4), one dataset or several")
		.argument("<names>", "datasets or groups, separated by commas", list)
		.option("--reference <name>", "dataset or group that the others are set against (default: the first)")
		.option("--json", "print one JSON document")
		.addHelpText("after", HELP)
		.action(characteristics);
}
