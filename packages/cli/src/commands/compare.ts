import { formatSigned, METRIC_NAMES, METRIC_TITLES } from "@atelier/core";
import { Argument, Command } from "commander";
import { connect } from "../client";
import { print, printJson, printTable, shortId } from "../output";
import { withTests } from "../paired-tests";

type Comparison = Awaited<ReturnType<ReturnType<typeof connect>["results"]["compare"]["query"]>>;
type Label = Comparison["run"];

const nameOf = ({ id, method, variant, setting, seed }: Label): string =>
	[
		shortId(id),
		method,
		...(variant === "full" ? [] : [variant]),
		...(setting === "full" ? [] : [setting]),
		`seed ${seed}`,
	].join(" ");
const text = (value: unknown): string => (value === undefined ? "–" : JSON.stringify(value));

async function compare(runs: string[], { json }: { json?: boolean }) {
	const client = connect();
	const result = await withTests(() => client.results.compare.query({ runs }));
	if (json) return printJson(result);
	const users = result.users.toLocaleString("en-US");
	print(`${nameOf(result.run)} on ${result.dataset}, ${users} test users, minus each other run:\n`);
	printTable(
		["Against", "Metric", "First", "Other", "Difference", "95 % interval", "p", "p (Holm)", "Won", "Tied", "Lost"],
		result.others.flatMap(({ run, metrics }) =>
			METRIC_NAMES.flatMap((name) => {
				const difference = metrics[name];
				if (difference === undefined) return [];
				const { value, low, high, p, adjustedP, wins, ties, losses } = difference;
				return [
					[
						nameOf(run),
						METRIC_TITLES[name],
						result.run.metrics[name]?.value.toFixed(4),
						run.metrics[name]?.value.toFixed(4),
						formatSigned(value),
						`${formatSigned(low)} to ${formatSigned(high)}`,
						p.toFixed(4),
						adjustedP.toFixed(4),
						wins,
						ties,
						losses,
					],
				];
			}),
		),
	);
	if (result.madeUnlike) print(`\n${result.madeUnlike}`);
	for (const { run, config } of result.others) {
		print(`\nWhere ${shortId(result.run.id)} and ${shortId(run.id)} are set differently:\n`);
		printTable(
			["Setting", shortId(result.run.id), shortId(run.id)],
			config.map(({ path, left, right }) => [path, text(left), text(right)]),
		);
	}
}

const COMPARE_HELP = `
Users are paired: the interval and p come from a bootstrap over users of the difference (Efron and Tibshirani 1993); p (Holm)
is corrected over all tests that are shown. Runs must share dataset, split, protocol and test examples.

Examples:
  npx atelier runs list --method ours
  npx atelier compare 3f2a91c0 7be1d402
  npx atelier compare 3f2a91c0 7be1d402 9910ab3e --json`;

export const compareCommand = () =>
	new Command("compare")
		.description("compare runs user by user: differences with intervals, tests, wins and losses")
		.addArgument(new Argument("<runs...>", "ids of runs, or beginnings of them; the first against each of the others"))
		.option("--json", "print one JSON document")
		.addHelpText("after", COMPARE_HELP)
		.action(compare);
