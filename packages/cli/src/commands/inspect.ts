import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@atelier/core";
import { Command } from "commander";
import { type Client, connect } from "../client";
import { wholeNumber, wholeNumberFrom } from "../options";
import { print, printJson, printTable, progressLine } from "../output";

const LIVE_WAIT_MS = 120_000;

interface InspectOptions {
	run: string;
	user?: string;
	query?: string;
	drop?: number[];
	n?: number;
	json?: boolean;
}

async function live(client: Client, options: InspectOptions & { user: string }) {
	const line = progressLine();
	const until = Date.now() + LIVE_WAIT_MS;
	while (Date.now() < until) {
		const answer = await client.inspector.recommend.mutate(options);
		if (answer.state === "ready") {
			line.end();
			return answer.recommendation;
		}
		line.show("loading the run's models", "");
		await sleep(500);
	}
	throw new AppError("UNAVAILABLE", "The models did not load within two minutes. See npx atelier doctor.");
}

async function listShoppers(client: Client, run: string, json?: boolean) {
	const shoppers = await client.inspector.shoppers.query({ run, order: "best" });
	if (json) return printJson(shoppers);
	printTable(
		["User", "Rank", "Last search"],
		shoppers.map((row) => [row.user, row.rank, row.query]),
	);
	const total = shoppers[0]?.total ?? 0;
	if (total > shoppers.length)
		print(`\nThe best ranked ${shoppers.length} of ${total.toLocaleString("en-US")} shoppers.`);
}

async function inspect({ json, ...options }: InspectOptions) {
	const client = connect();
	const { run, user } = options;
	if (user === undefined) {
		if (options.query !== undefined || options.drop !== undefined || options.n !== undefined) {
			throw new AppError(
				"BAD_REQUEST",
				"--query, --drop and --n change one shopper's recommendation: name it with --user.",
			);
		}
		return listShoppers(client, run, json);
	}
	const stored = await client.inspector.get.query({ run, user, n: options.n });
	const isLive = options.query !== undefined || options.drop !== undefined;
	const recommendation = isLive ? await live(client, { ...options, user }) : stored.recommendation;
	if (json) return printJson({ ...stored, recommendation, live: isLive });

	print(`${user} in ${stored.dataset.name}: ${stored.run.method}, run ${stored.run.id}\n`);
	for (const event of stored.history) {
		const what = event.action === "search" ? `"${event.query}"${event.derived ? " (derived)" : ""}` : event.item?.title;
		const left = event.inInput === false ? " (not in the input)" : "";
		print(`${String(event.ord).padStart(4)}  ${event.action.padEnd(8)}  ${what}${left}`);
	}
	print(`\nbought: ${stored.groundTruth.item.title}${stored.groundTruth.cold ? " (unseen in training)" : ""}\n`);
	printTable(
		["Method", "Rank"],
		stored.ranks.map((row) => [row.title, row.rank]),
	);
	if (recommendation !== null) {
		if (isLive) print(`\nlive, last search: ${recommendation.query === null ? "none" : `"${recommendation.query}"`}`);
		print("\nnear queries:");
		for (const near of recommendation.neighbours) print(`  ${near.similarity.toFixed(2)}  ${near.query}`);
		print("candidates:");
		for (const { item } of recommendation.candidates) print(`  ${String(item.itemId).padStart(6)}  ${item.title}`);
		print(`generated: ${recommendation.generation.text}`);
	}
	print("");
	const ranked = recommendation?.final ?? stored.ranked;
	printTable(
		["#", "Item", "From", "Title"],
		ranked.map(({ item, origin }, i) => [i + 1, String(item.itemId), origin, item.title]),
	);
}

const HELP = `
Examples:
  npx atelier inspect --run fa8a30f1                       the shoppers, best ranked first
  npx atelier inspect --run fa8a30f1 --user u000091
  npx atelier inspect --run fa8a30f1 --user u000091 --query "linen dress" --drop 3`;

export const inspectCommand = () =>
	new Command("inspect")
		.description("take one shopper's recommendation apart; without --user, list the shoppers")
		.requiredOption("--run <id>", "a succeeded run, by its id or the beginning of one")
		.option("--user <key>", "the shopper, by its id in the source")
		.option("--query <text>", "another last search; computes the recommendation again, live (ours)")
		.option(
			"--drop <index>",
			"leave out the event with this number in the history; live (ours; repeatable)",
			(text, before: number[] = []) => [...before, wholeNumber(text)],
		)
		.option("--n <n>", "mixup: positions taken from the id list, 0 to 100", wholeNumberFrom(0, 100))
		.option("--json", "print one JSON document")
		.addHelpText("after", HELP)
		.action(inspect);
