import { AppError } from "@atelier/core";
import { Command } from "commander";
import { connect } from "../client";
import { list, wholeNumber } from "../options";
import { duration, print, printJson, printTable } from "../output";

interface Json {
	json?: boolean;
}

const took = (start: Date | null, end: Date | null) =>
	start === null ? null : duration((end ?? new Date()).getTime() - start.getTime());

async function listRuns(options: Json & { dataset?: string[]; method?: string[]; launch?: string; limit: number }) {
	const { rows, total } = await connect().runs.list.query(options);
	if (options.json) return printJson(rows);
	if (rows.length === 0) return print("No runs yet. Start some with: npx atelier launch table2 --dataset NAME");
	printTable(
		["Run", "Dataset", "Method", "Seed", "Status", "Stages", "Took", "Recall@10", "NDCG@10"],
		rows.map((run) => [
			run.id,
			run.dataset,
			run.method,
			String(run.seed),
			run.status,
			`${run.progress.done}/${run.progress.total}`,
			took(run.startedAt, run.finishedAt),
			run.metrics["recall@10"]?.value.toFixed(4),
			run.metrics["ndcg@10"]?.value.toFixed(4),
		]),
	);
	if (total > rows.length) print(`${rows.length} of ${total}; --limit shows more.`);
}

async function show(id: string, options: Json) {
	const run = await connect().runs.get.query({ id });
	if (options.json) return printJson(run);
	print(`${run.id}  ${run.method} on ${run.dataset}, seed ${run.seed}, preset ${run.preset}: ${run.status}`);
	if (run.error) print(run.error);
	print("");
	printTable(
		["Stage", "Status", "Took", "Attempts", "Key"],
		run.stages.map((stage) => [
			stage.kind,
			stage.reused ? "reused" : stage.status,
			stage.durationMs === null ? null : duration(stage.durationMs),
			String(stage.attempts.length),
			stage.key,
		]),
	);
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

async function logs(id: string, options: Json & { stage?: string }) {
	const client = connect();
	const run = await client.runs.get.query({ id });
	const stages = run.stages.filter((stage) => options.stage === undefined || stage.kind === options.stage);
	if (stages.length === 0) {
		const kinds = run.stages.map((stage) => stage.kind).join(", ");
		throw new AppError("BAD_REQUEST", `Run ${run.id} has no stage "${options.stage}". Its stages: ${kinds}.`);
	}
	const all = await Promise.all(
		stages.map(async (stage) => ({ stage: stage.kind, lines: await client.runs.logs.query({ stageKey: stage.key }) })),
	);
	if (options.json) return printJson(all);
	for (const { stage, lines } of all) {
		for (const line of lines) print(`${line.at.toISOString()} ${stage} ${line.level}: ${line.message}`);
	}
}

export function runsCommand(): Command {
	const runs = new Command("runs").description("list, show, cancel and retry runs");
	runs
		.command("list", { isDefault: true })
		.description("runs, newest first")
		.option("--dataset <names>", "only these datasets or groups", list)
		.option("--method <names>", "only these methods", list)
		.option("--launch <id>", "only the runs of one launch")
		.option("--limit <n>", "how many", wholeNumber, 50)
		.option("--json", "print one JSON document")
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
		.argument("<runs...>", "ids")
		.option("--json", "print one JSON document")
		.action(async (ids: string[], options: Json) => {
			const result = await connect().runs.cancel.mutate({ ids });
			if (options.json) printJson(result);
			else print(`Cancelled ${result.cancelled} of ${ids.length} runs.`);
		});
	runs
		.command("retry")
		.description("run failed or cancelled runs again; what had succeeded is kept")
		.argument("<runs...>", "ids")
		.option("--json", "print one JSON document")
		.action(async (ids: string[], options: Json) => {
			const result = await connect().runs.retry.mutate({ ids });
			if (options.json) printJson(result);
			else print(`Queued ${result.retried} of ${ids.length} runs again.`);
		});
	return runs;
}
