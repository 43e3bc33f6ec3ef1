import { AppError, describeProtocol, isMethod, isOutside, METHOD_IDS, runLabel, waitingSentence } from "@atelier/core";
import { Command } from "commander";
import { type Client, connect } from "../client";
import { list, noArguments, wholeNumberFrom } from "../options";
import { duration, print, printJson, printTable, shortId } from "../output";
import { exportCommand } from "./run-export";
import { importCommand, removeCommand } from "./run-import";
import { fenceCommand, priorityCommand, runState, took, upCommand } from "./run-queue";

interface Json {
	json?: boolean;
}

const LOG_PAGE = 2_000;

interface Filter {
	dataset?: string[];
	method?: string[];
	launch?: string;
}

/** @throws AppError BAD_REQUEST or NOT_FOUND for a name that stands for nothing, which would read as "no runs". */
async function checkNames(client: Client, { dataset = [], method = [] }: Filter) {
	const unknown = method.find((name) => !isMethod(name) && !isOutside(name));
	if (unknown !== undefined) {
		throw new AppError(
			"BAD_REQUEST",
			`Unknown method "${unknown}". There are: ${METHOD_IDS.join(", ")}, and outside:NAME.`,
		);
	}
	if (dataset.length === 0) return;
	const rows = (await client.datasets.list.query()).filter(({ status }) => status === "ready");
	const names = [...new Set(rows.flatMap(({ name, group }) => (group === null ? [name] : [name, group])))].sort();
	for (const name of dataset) {
		if (!names.includes(name)) {
			throw new AppError("NOT_FOUND", `No dataset or group is called "${name}". There are: ${names.join(", ")}.`);
		}
	}
}

async function listRuns({ json, limit, ...filter }: Json & Filter & { limit: number }) {
	const client = connect();
	await checkNames(client, filter);
	const { rows, total, isMore } = await client.runs.list.query({ ...filter, limit });
	if (json) return printJson(rows);
	if (rows.length === 0) {
		const isFiltered = Object.values(filter).some((value) => value !== undefined);
		return print(
			isFiltered ? "No such runs." : "No runs yet. Start some with: npx atelier launch table2 --dataset NAME",
		);
	}
	printTable(
		["Run", "Dataset", "Method", "Seed", "Status", "Took", "Recall@10", "NDCG@10"],
		rows.map((run) => [
			shortId(run.id),
			run.dataset,
			runLabel(run),
			String(run.seed),
			runState(run),
			took(run),
			run.metrics["recall@10"]?.value.toFixed(4),
			run.metrics["ndcg@10"]?.value.toFixed(4),
		]),
	);
	if (total !== null && total > rows.length) {
		print(`${rows.length} of ${isMore ? `more than ${total}` : total}; --limit shows more.`);
	}
}

async function show(id: string, options: Json) {
	const run = await connect().runs.get.query({ id });
	if (options.json) return printJson(run);
	print(`${run.id}  ${runLabel(run)} on ${run.dataset}, seed ${run.seed}, preset ${run.preset}: ${runState(run)}`);
	if (run.waiting) {
		const { startsInMs } = run.waiting;
		const start = startsInMs === null ? "" : ` It starts in about ${duration(startsInMs)}.`;
		print(`${waitingSentence(run.waiting)}${start}`);
	}
	const times = [took(run) ? `took ${took(run)}` : "", `waited ${duration(run.waitedMs)}`].filter(Boolean).join(", ");
	print(`Launch ${shortId(run.launchId)}, priority ${run.priority}${run.movedUp ? ", moved up" : ""}; ${times}.`);
	if (run.protocol) print(`Protocol: ${describeProtocol(run.protocol)}.`);
	if (run.error) print(run.error);
	for (const { code, message } of run.warnings) print(`Warning (${code}): ${message}`);
	print("");
	printTable(
		["Stage", "Status", "On", "Took", "Attempts", "Key"],
		run.stages.map((stage) => [
			stage.kind,
			statusWords(stage),
			stage.attempts[0]?.host,
			stage.durationMs === null ? null : duration(stage.durationMs),
			String(stage.attempts.length),
			stage.key,
		]),
	);
	printMaking(run.stages);
	if (run.slices.length === 0) return;
	print("");
	printTable(
		["Metric", "Slice", "Value", "95 % interval", "Users"],
		run.slices.map((m) => [
			m.name,
			m.slice,
			m.value.toFixed(4),
			`${m.low.toFixed(4)} to ${m.high.toFixed(4)}`,
			m.count,
		]),
	);
}

function statusWords({ reused, damage, goesOn, status, attempts }: Stage): string {
	const since = attempts.find((attempt) => attempt.status === "running")?.unreachableSince;
	if (since) return `running, unreachable since ${since.toISOString()}`;
	if (damage !== null && status === "cancelled") return "damaged";
	if (reused) return "reused";
	return goesOn ? "cancelled here, needed by another run" : status;
}

type Stage = Awaited<ReturnType<Client["runs"]["get"]["query"]>>["stages"][number];

/** What is wrong with artifacts, and what the stages ran with: one line for those that ran alike. */
function printMaking(stages: readonly Stage[]) {
	for (const { kind, damage } of stages) if (damage) print(`\n${kind} is damaged: ${damage}`);
	const lines = new Map<string, string[]>();
	for (const { kind, environment } of stages) {
		if (environment === null) continue;
		const { device, processor, threads, versions, code, commit } = environment;
		const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
		const at = commit === null ? "" : `, commit ${commit.slice(0, 12)}`;
		const line = `${device}, ${processor}, threads ${threads}; ${libraries.join(", ")}; code ${code}${at}`;
		lines.set(line, [...(lines.get(line) ?? []), kind]);
	}
	if (lines.size > 0) print("");
	for (const [line, kinds] of lines) print(`${kinds.join(", ")} ran with ${line}`);
}

async function allLines(client: Client, stageKey: string) {
	const lines = await client.runs.logs.query({ stageKey, limit: LOG_PAGE });
	let full = lines.length === LOG_PAGE;
	while (full) {
		const next = await client.runs.logs.query({ stageKey, limit: LOG_PAGE, after: lines.at(-1)?.id });
		lines.push(...next);
		full = next.length === LOG_PAGE;
	}
	return lines;
}

async function logs(id: string, options: Json & { stage?: string }) {
	const client = connect();
	const run = await client.runs.get.query({ id });
	const stages = run.stages.filter((stage) => options.stage === undefined || stage.kind === options.stage);
	if (stages.length === 0) {
		const kinds = run.stages.map((stage) => stage.kind).join(", ");
		throw new AppError("BAD_REQUEST", `Run ${run.id} has no stage "${options.stage}". Its stages: ${kinds}.`);
	}
	const all = await Promise.all(
		stages.map(async ({ kind, key }) => ({ stage: kind, lines: await allLines(client, key) })),
	);
	if (options.json) return printJson(all);
	if (all.every(({ lines }) => lines.length === 0)) return print("Nothing was logged.");
	for (const { stage, lines } of all) {
		for (const line of lines) print(`${line.at.toISOString()} ${stage} ${line.level}: ${line.message}`);
	}
}

async function cancel(given: string[], options: Json & { launch?: string }) {
	const client = connect();
	const ofLaunch =
		options.launch === undefined ? [] : (await client.runs.list.query({ launch: options.launch, limit: 500 })).rows;
	if (options.launch !== undefined && ofLaunch.length === 0) {
		throw new AppError(
			"NOT_FOUND",
			`No launch "${options.launch}": give the whole id that npx atelier launch printed.`,
		);
	}
	const ids = [...given, ...ofLaunch.map(({ id }) => id)];
	if (ids.length === 0) throw new AppError("BAD_REQUEST", "Name the runs to cancel, or their launch with --launch.");
	const result = await client.runs.cancel.mutate({ ids });
	if (options.json) return printJson(result);
	const rest = result.cancelled < ids.length ? " The others had ended." : "";
	print(`Cancelled ${result.cancelled} of ${ids.length} runs.${rest}`);
}

export function runsCommand(): Command {
	const runs = new Command("runs")
		.alias("run")
		.description("list, show, cancel, retry, reorder runs; write them out, bring others in");
	runs
		.command("list", { isDefault: true })
		.description("runs, newest first (also: npx atelier runs)")
		.option("--dataset <names>", "only these datasets or groups", list)
		.option("--method <names>", "only these methods", list)
		.option("--launch <id>", "only the runs of one launch")
		.option("--limit <n>", "how many, at most 500", wholeNumberFrom(1, 500), 50)
		.option("--json", "print one JSON document")
		.allowExcessArguments()
		.hook("preAction", noArguments)
		.action(listRuns);
	runs
		.command("show")
		.description("one run: its stages and its metrics with intervals")
		.argument("<run>", "id, or the beginning of one")
		.option("--json", "print one JSON document")
		.action(show);
	runs
		.command("logs")
		.description("what the stages of a run said")
		.argument("<run>", "id, or the beginning of one")
		.option("--stage <kind>", "only this stage")
		.option("--json", "print one JSON document")
		.action(logs);
	runs
		.command("cancel")
		.description("stop runs; stages that other runs need go on")
		.argument("[runs...]", "ids, or beginnings of them")
		.option("--launch <id>", "all runs of one launch")
		.option("--json", "print one JSON document")
		.action(cancel);
	runs
		.command("retry")
		.description("run failed or cancelled runs again; what had succeeded is kept")
		.argument("<runs...>", "ids, or beginnings of them")
		.option("--json", "print one JSON document")
		.action(async (ids: string[], options: Json) => {
			const result = await connect().runs.retry.mutate({ ids });
			if (options.json) return printJson(result);
			const rest = result.retried < ids.length ? " The others have neither failed nor been cancelled." : "";
			print(`Queued ${result.retried} of ${ids.length} runs again.${rest}`);
		});
	runs.addCommand(importCommand());
	runs.addCommand(exportCommand());
	runs.addCommand(removeCommand());
	runs.addCommand(fenceCommand());
	runs.addCommand(upCommand());
	runs.addCommand(priorityCommand());
	return runs;
}
