import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@atelier/core";
import { Command } from "commander";
import { type Client, connect } from "../client";
import { wholeNumber } from "../options";
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

async function inspect({ json, ...options }: InspectOptions) {
	const client = connect();
	const { run, user } = options;
	if (user === undefined) {
		const shoppers = await client.inspector.shoppers.query({ run, order: "best" });
		if (json) printJson(shoppers);
		else
			printTable(
				["User", "Rank", "Last search"],
				shoppers.map((row) => [row.user, row.rank, row.query]),
			);
		return;
	}
	const stored = await client.inspector.get.query({ run, user, n: options.n });
	const isLive = options.query !== undefined || options.drop !== undefined;
	const recommendation = isLive ? await live(client, { ...options, user }) : stored.recommendation;
	if (json) return printJson({ ...stored, recommendation, live: isLive });

	print(`${user} in ${stored.dataset.name}: ${stored.run.method}, run ${stored.run.id}\n`);
	for (const event of stored.history) {
		const what = event.action === "search" ? `"${event.query}"${event.derived ? " (derived)" : ""}` : event.item?.title;
		print(`${String(event.ord).padStart(4)}  ${event.action.padEnd(8)}  ${what}`);
	}
	print(`\nbought: ${stored.groundTruth.item.title}${stored.groundTruth.cold ? " (unseen in training)" : ""}`);
	printTable(
		["Method", "Rank"],
		stored.ranks.map((row) => [row.title, row.rank]),
	);
	if (recommendation !== null) {
		print(
			`\nnear queries: ${recommendation.neighbours.map((near) => `${near.query} (${near.similarity.toFixed(2)})`).join(", ")}`,
		);
		print(`candidates: ${recommendation.candidates.map(({ item }) => item.itemId).join(", ")}`);
		print(`generated: ${recommendation.generation.text}\n`);
	}
	const ranked = recommendation?.final ?? stored.ranked;
	printTable(
		["#", "Item", "From", "Title"],
		ranked.map(({ item, origin }, i) => [i + 1, String(item.itemId), origin, item.title]),
	);
}

export const inspectCommand = () =>
	new Command("inspect")
		.description("take one shopper's recommendation apart; without --user, list the shoppers")
		.requiredOption("--run <id>", "a succeeded run, by its id or the beginning of one")
		.option("--user <key>", "the shopper's id in the source")
		.option("--query <text>", "another last search; computes the recommendation again, live (ours)")
		.option(
			"--drop <index>",
			"leave out the event with this number; live (repeatable)",
			(text, before: number[] = []) => [...before, wholeNumber(text)],
		)
		.option("--n <n>", "mixup: positions taken from the id list", wholeNumber)
		.option("--json", "print one JSON document")
		.action(inspect);
