import { readFile } from "node:fs/promises";
import { AppError, messageOf } from "@atelier/core";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Client, connect } from "../client";
import { noArguments, wholeNumberFrom } from "../options";
import { duration, print, printJson, printTable, shortId } from "../output";

interface Json {
	json?: boolean;
}
type Row = Awaited<ReturnType<Client["hosts"]["list"]["query"]>>[number];

interface HostOptions extends Json {
	address?: string;
	tokenFile?: string;
	slots?: number;
	price?: number;
	environment?: "image" | "pip";
	python?: string;
	artifactsUrl?: string;
}

/** `reachable`, `unreachable since …`, `draining`. */
function stateWords({ state, unreachableSince, draining }: Row): string {
	const since = unreachableSince === null ? "" : ` since ${unreachableSince.toISOString()}`;
	return `${state}${since}${draining ? ", draining" : ""}`;
}

function gpuWords({ facts }: Row): string {
	const counts = new Map<string, number>();
	for (const { name, memoryBytes } of facts.gpus) {
		const words = `${name}, ${(memoryBytes / 1e9).toFixed(0)} GB`;
		counts.set(words, (counts.get(words) ?? 0) + 1);
	}
	return [...counts].map(([words, count]) => `${count} x ${words}`).join("; ") || "none";
}

async function listHosts({ json }: Json) {
	const rows = await connect().hosts.list.query();
	if (json) return printJson(rows);
	printTable(
		["Host", "State", "Slots", "GPUs", "Runs", "Waits", "Price an hour"],
		rows.map((row) => [
			row.name,
			stateWords(row),
			row.slots,
			gpuWords(row),
			row.running.length,
			row.waiting,
			row.pricePerHour,
		]),
	);
}

async function show(name: string, { json }: Json) {
	const host = await connect().hosts.get.query({ name });
	if (json) return printJson(host);
	print(`${host.name} (${host.kind}${host.address ? `, ${host.address}` : ""}): ${stateWords(host)}`);
	if (host.problem) print(host.problem);
	print(`GPUs: ${gpuWords(host)}; ${host.slots} slots; token ${host.hasToken ? "kept" : "none"}.`);
	const versions = Object.entries(host.facts.versions).map(([what, version]) => `${what} ${version}`);
	if (versions.length > 0) print(versions.join(", "));
	if (host.running.length > 0) {
		print("");
		printTable(
			["Runs", "Run", "Since", "Unreachable since"],
			host.running.map((stage) => [
				stage.kind,
				stage.runId && shortId(stage.runId),
				stage.startedAt.toISOString(),
				stage.unreachableSince?.toISOString(),
			]),
		);
	}
	if (host.throughput.length === 0) return;
	print("");
	printTable(
		["Stage", "Done here", "Median", "Tokens a second"],
		host.throughput.map(({ kind, stages, medianSeconds, tokensPerSecond }) => [
			kind,
			stages,
			duration(medianSeconds * 1_000),
			tokensPerSecond === null ? null : Math.round(tokensPerSecond),
		]),
	);
}

async function readToken(path: string | undefined): Promise<string | undefined> {
	if (path === undefined) return undefined;
	try {
		return (await readFile(path, "utf8")).trim();
	} catch (error) {
		throw new AppError("BAD_REQUEST", `The token cannot be read from ${path}: ${messageOf(error)}`);
	}
}

/** What the options say of a host, without what they leave out. */
async function said({ address, tokenFile, slots, price, environment, python, artifactsUrl }: HostOptions) {
	const token = await readToken(tokenFile);
	const settings = { environment, python, artifactsUrl };
	const isSaid = Object.values(settings).some((value) => value !== undefined);
	return {
		...(address !== undefined && { address }),
		...(token !== undefined && { token }),
		...(slots !== undefined && { slots }),
		...(price !== undefined && { pricePerHour: price }),
		...(isSaid && { settings }),
	};
}

async function add(name: string, options: HostOptions & { address: string }) {
	const client = connect();
	const { address } = options;
	await client.hosts.add.mutate({ ...(await said(options)), name, address });
	if (options.json) return printJson(await client.hosts.get.query({ name }));
	print(`Added host ${name}. Launch on it: npx atelier launch table2 --dataset NAME --on ${name}`);
	await listHosts({});
}

async function probe(name: string, { json }: Json) {
	const client = connect();
	const { problem } = await client.hosts.probe.mutate({ name });
	if (problem !== null) throw new AppError("UNAVAILABLE", `Host ${name} cannot be used: ${problem}`);
	return show(name, { ...(json && { json }) });
}

async function drain(name: string, { json }: Json) {
	const result = await connect().hosts.drain.mutate({ name });
	if (json) return printJson(result);
	print(
		`Nothing more begins on ${name}; ${result.running} stages go on. Take it back: npx atelier host resume ${name}`,
	);
}

function price(text: string): number {
	const value = Number(text);
	if (text.trim() === "" || !(value >= 0)) throw new InvalidArgumentError("wants a number, 0 or more.");
	return value;
}

function withSettings(command: Command): Command {
	return command
		.option("--token-file <file>", "file that holds the cluster's token; kept sealed, never shown again")
		.option(
			"--slots <n>",
			"stages that run there at once (default: one a GPU, at least one)",
			wholeNumberFrom(1, 1_024),
		)
		.option("--price <amount>", "price of the whole host an hour", price)
		.addOption(
			new Option("--environment <how>", "the trainer's environment: in the host's image, or installed by pip").choices([
				"image",
				"pip",
			]),
		)
		.option("--python <command>", "Python of the image")
		.option("--artifacts-url <url>", "how the host reaches this console, where that is not the console's own address")
		.option("--json", "print one JSON document");
}

export function hostCommand(): Command {
	const host = new Command("host").description("machines and clusters that stages run on");
	host
		.command("list", { isDefault: true })
		.description("all hosts (also: npx atelier host)")
		.option("--json", "print one JSON document")
		.allowExcessArguments()
		.hook("preAction", noArguments)
		.action(listHosts);
	host
		.command("show")
		.description("one host: its GPUs, versions, what runs there and what stages took")
		.argument("<name>")
		.option("--json", "print one JSON document")
		.action(show);
	withSettings(
		host
			.command("add")
			.description("register a Ray cluster, once it answers")
			.argument("<name>", "small letters, digits, hyphens")
			.requiredOption("--address <url>", "of its dashboard, as http://gpu-1:8265"),
	).action(add);
	withSettings(
		host
			.command("set")
			.description("change what is said of a host")
			.argument("<name>")
			.option("--address <url>", "of its dashboard"),
	).action(async (name: string, options: HostOptions) => {
		const result = await connect().hosts.set.mutate({ ...(await said(options)), name });
		if (options.json) printJson(result);
		else print(`Changed host ${name}.`);
	});
	host
		.command("probe")
		.description("ask a host now what it has; exit code 1 when it cannot be used")
		.argument("<name>")
		.option("--json", "print one JSON document")
		.action(probe);
	host
		.command("drain")
		.description("begin nothing more on a host; what runs there goes on")
		.argument("<name>")
		.option("--json", "print one JSON document")
		.action(drain);
	host
		.command("resume")
		.description("take a drained host back into use")
		.argument("<name>")
		.option("--json", "print one JSON document")
		.action(async (name: string, { json }: Json) => {
			const result = await connect().hosts.resume.mutate({ name });
			if (json) printJson(result);
			else print(`Host ${name} is used again.`);
		});
	host
		.command("remove")
		.description("forget a host on which nothing runs; what was made there stays")
		.argument("<name>")
		.option("--json", "print one JSON document")
		.action(async (name: string, { json }: Json) => {
			const result = await connect().hosts.remove.mutate({ name });
			if (json) printJson(result);
			else print(`Removed host ${name}.`);
		});
	return host;
}
