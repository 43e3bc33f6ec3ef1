import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { home } from "../../scripts/lib/paths.mjs";
import { type ConsoleClient, consoleClient } from "../console/console-client";
import { startConsole } from "../console/start-console";
import { env } from "../env";

const GROUP = "sample";
const SHOPPERS = 400;
const POLL_MS = 2_000;

export interface FoundConsole {
	url: string;
	token: string;
	/** A synthetic one with a succeeded run of ours. */
	dataset: string;
	/** Ends it if it was started for the pictures. */
	stop: () => Promise<void>;
}

/** The console that ATELIER_URL names, or a new one on which the sample has been made and a suite has run. */
export async function findConsole(): Promise<FoundConsole> {
	if (env.consoleUrl) {
		const address = { url: env.consoleUrl, token: env.cliToken ?? readToken() };
		return { ...address, dataset: await inspectedDataset(consoleClient(address)), stop: async () => undefined };
	}
	console.log("Starting a console, making the sample and launching the comparison on it: this takes some minutes.");
	const started = await startConsole();
	try {
		const client = consoleClient(started);
		await makeSample(client);
		await launchComparison(client);
		return { ...started, dataset: await inspectedDataset(client), stop: () => started.stop() };
	} catch (error) {
		await started.stop();
		throw error;
	}
}

function readToken(): string {
	const file = join(home, "cli-token");
	if (!existsSync(file)) throw new Error(`No token at ${file}: set ATELIER_HOME to the console's home.`);
	return readFileSync(file, "utf8").trim();
}

/**
 * The first synthetic one on which the whole method has succeeded: pictures hold no rows of anyone's data.
 * @throws Error when there is none
 */
async function inspectedDataset(client: ConsoleClient): Promise<string> {
	const [datasets, runs] = await Promise.all([
		client.datasets.list.query(),
		client.runs.list.query({
			...{ method: ["ours"], variant: ["full"], setting: ["full"], status: ["succeeded"] },
			limit: 200,
		}),
	]);
	const dataset = datasets.find(({ name, synthetic }) => synthetic && runs.rows.some((run) => run.dataset === name));
	if (!dataset)
		throw new Error("No run of ours has succeeded there on a synthetic dataset: launch table2 on the sample first.");
	return dataset.name;
}

async function makeSample(client: ConsoleClient): Promise<void> {
	await client.datasets.sample.mutate({ name: GROUP, users: SHOPPERS });
	for (;;) {
		const rows = await client.datasets.list.query();
		const failed = rows.find(({ status }) => status === "failed");
		if (failed) throw new Error(`${failed.name} could not be made: ${failed.error}`);
		if (rows.every(({ status }) => status === "ready")) return;
		await delay(POLL_MS);
	}
}

async function launchComparison(client: ConsoleClient): Promise<void> {
	const { launchId } = await client.launch.create.mutate({ suite: "table2", datasets: [GROUP], set: {} });
	for (;;) {
		const { rows } = await client.runs.list.query({ launch: launchId, limit: 100 });
		const ended = rows.find(({ status }) => status === "failed" || status === "cancelled");
		if (ended) throw new Error(`${ended.method} on ${ended.dataset} ${ended.status}: ${ended.error ?? ""}`);
		if (rows.every(({ status }) => status === "succeeded")) return;
		await delay(POLL_MS);
	}
}
