import { setTimeout as sleep } from "node:timers/promises";
import { parseOverrides, runLabel, waitingWords } from "@atelier/core";
import { Argument, Command, InvalidArgumentError } from "commander";
import { type Client, connect } from "../client";
import { whileWatching } from "../interrupt";
import { collect, list, wholeNumberFrom } from "../options";
import { outlive } from "../outlive";
import { bar, duration, note, print, printJson, printTable, progressLine, shortId } from "../output";
import { isGridRun, printGridReport } from "./grid-report";
import { priorityNumber } from "./run-queue";

const POLL_MS = 1_000;

type Repeated = Awaited<ReturnType<Client["launch"]["create"]["mutate"]>>["repeated"];

interface LaunchOptions {
	dataset: string[];
	methods?: string[];
	variants?: string[];
	settings?: string[];
	seeds?: number;
	preset?: string;
	priority?: number;
	set?: string[];
	onlyMissing?: boolean;
	on?: string;
	budgetHours?: number;
	plan?: boolean;
	wait?: boolean;
	json?: boolean;
}

async function printPlan(client: Client, request: Parameters<Client["launch"]["plan"]["query"]>[0], json?: boolean) {
	const plan = await client.launch.plan.query(request);
	if (json) return printJson(plan);
	printTable(
		["Dataset", "Stage", "For", "Plan", "On", "Memory", "Expected"],
		plan.stages.map((stage) => [
			stage.dataset,
			stage.kind,
			stage.neededBy.join(", "),
			stage.status,
			stage.where === "worker" ? "worker" : (stage.host ?? "nowhere"),
			stage.memory === null ? "" : memoryWords(stage.memory),
			stage.estimateMs === null ? "not measured yet" : duration(stage.estimateMs),
		]),
	);
	const { runs, reused, estimateMs } = plan.totals;
	const open = plan.stages.filter((stage) => stage.status !== "reused");
	const tunes = open.filter((stage) => stage.kind === "fine-tune").length;
	const time = estimateMs === null ? "time not measured yet" : `about ${duration(estimateMs)} of work`;
	const tuning = tunes === 0 ? "" : ` (${tunes} of them fine-tunes)`;
	print(`\n${runs} runs: ${plan.totals.new} stages to run${tuning}, ${reused} reused; ${time}.`);
	const { gpuHours, cost } = plan.totals;
	if (open.some(({ gpus }) => gpus > 0)) {
		const hours = gpuHours === null ? "not measured yet on their hosts" : `about ${gpuHours.toFixed(2)}`;
		print(`GPU-hours: ${hours}${cost === null ? "" : `; cost: about ${cost.toFixed(2)}`}.`);
	}
	for (const why of plan.refusals) print(`Cannot be launched: ${why}`);
	for (const why of plan.skipped) print(`Left out: ${why}`);
	const asked = request.onlyMissing ? runs + plan.repeated.runs : runs;
	if (plan.repeated.runs > 0) print(repeatedWords(plan.repeated, asked, request.onlyMissing === true));
}

/** `14.2 of 24.0 GB`: what a stage is estimated to need of what its host has. */
function memoryWords({ bytes, hostBytes }: { bytes: number; hostBytes: number | null }): string {
	const [needed, has] = [bytes, hostBytes].map((one) => (one === null ? null : (one / 1e9).toFixed(1)));
	return has === null ? `${needed} GB` : `${needed} of ${has} GB${bytes > (hostBytes ?? bytes) ? ", too much" : ""}`;
}

/** What of a launch is under way already, and how to launch the rest alone. */
function repeatedWords({ runs, launches }: Repeated, asked: number, leftOut: boolean): string {
	const where = launches.map(({ id }) => shortId(id)).join(", ");
	const which =
		runs === asked ? (runs === 1 ? "This run is" : `All ${runs} runs are`) : `${runs} of these ${asked} runs are`;
	const rest = leftOut
		? " They are left out."
		: runs === asked
			? " Follow them instead: npx atelier runs list --launch ".concat(launches[0]?.id ?? "")
			: ` --only-missing launches the other ${asked - runs}.`;
	return `${which} under way already, in launch ${where}.${rest}`;
}

/** Runs of a launch that are asked for at once; larger launches take several questions. */
const PAGE = 500;

async function runsOf(client: Client, launchId: string, options: { signal: AbortSignal }) {
	const first = await client.runs.list.query({ launch: launchId, limit: PAGE }, options);
	const rows = [...first.rows];
	for (let cursor = first.nextCursor; cursor !== null; ) {
		const next = await client.runs.list.query({ launch: launchId, limit: PAGE, cursor }, options);
		rows.push(...next.rows);
		cursor = next.nextCursor;
	}
	return rows;
}

/** Follows a launch to its end, through a console that is busy or restarts. */
async function follow(launchId: string) {
	const line = progressLine();
	const startedAt = Date.now();
	for (;;) {
		const rows = await outlive(
			(client, options) => runsOf(client, launchId, options),
			(silentMs) => line.show("the console does not answer; the runs go on", `asked for ${duration(silentMs)}`),
		);
		const open = rows.filter((run) => run.status === "queued" || run.status === "running");
		const current = open.find((run) => run.status === "running") ?? open[0];
		const done = rows.reduce((sum, run) => sum + run.progress.done, 0);
		const total = rows.reduce((sum, run) => sum + run.progress.total, 0);
		const what = current === undefined ? "finishing" : `${current.dataset} ${runLabel(current)}: ${doing(current)}`;
		line.show(what, `${bar(done, total)} stages, ${duration(Date.now() - startedAt)}`);
		if (open.length === 0) {
			line.end();
			return rows;
		}
		await sleep(POLL_MS);
	}
}

type Row = Awaited<ReturnType<typeof runsOf>>[number];

/** `fine-tune`, or `waiting, 2nd of 14`. */
function doing({ waiting, progress }: Row): string {
	if (waiting !== null) return `waiting, ${waitingWords(waiting)}`;
	return progress.stage ?? "finishing";
}

async function launch(suite: string, options: LaunchOptions) {
	const client = connect();
	const request = {
		suite,
		datasets: options.dataset,
		...(options.methods && { methods: options.methods }),
		...(options.variants && { variants: options.variants }),
		...(options.settings && { settings: options.settings }),
		...(options.seeds !== undefined && { seeds: Array.from({ length: options.seeds }, (_, i) => i + 1) }),
		...(options.preset && { preset: options.preset }),
		...(options.priority !== undefined && { priority: options.priority }),
		set: parseOverrides(options.set ?? []),
		...(options.onlyMissing && { onlyMissing: true }),
		...(options.on !== undefined && { on: options.on }),
		...(options.budgetHours !== undefined && { budgetGpuHours: options.budgetHours }),
	};
	if (options.plan) return printPlan(client, request, options.json);
	const launched = await client.launch.create.mutate(request);
	if (launched.repeated.runs > 0) {
		const leftOut = options.onlyMissing === true;
		const asked = launched.runIds.length + (leftOut ? launched.repeated.runs : 0);
		note(repeatedWords(launched.repeated, asked, leftOut));
	}
	if (!options.wait) {
		if (options.json) printJson(launched);
		else
			print(
				`Launched ${launched.runIds.length} runs. Follow them: npx atelier runs list --launch ${launched.launchId}`,
			);
		return;
	}
	const id = launched.launchId;
	const runs = await whileWatching(
		`The runs go on. Follow them: npx atelier runs list --launch ${id}; stop them: npx atelier runs cancel --launch ${id}`,
		() => follow(id),
	);
	if (options.json) printJson({ ...launched, runs });
	else if (runs.some(isGridRun)) await printGridReport(client, runs);
	else {
		printTable(
			["Run", "Dataset", "Method", "Status", "Recall@10", "NDCG@10", "MRR@10"],
			runs.map((run) => [
				shortId(run.id),
				run.dataset,
				runLabel(run),
				run.status,
				...["recall@10", "ndcg@10", "mrr@10"].map((name) => run.metrics[name]?.value.toFixed(4)),
			]),
		);
	}
	const bad = runs.filter((run) => run.status !== "succeeded");
	if (bad.length > 0) {
		// The document with the runs, failed ones among them, is on stdout already: no error document after it.
		const what = bad.map((run) => `${run.dataset} ${runLabel(run)} ${run.status}: ${run.error ?? "no reason given"}`);
		note(`atelier: ${bad.length} of ${runs.length} runs did not succeed.\n${what.join("\n")}`);
		process.exitCode = 1;
	}
}

function gpuHoursOf(text: string): number {
	const value = Number(text);
	if (!(value > 0)) throw new InvalidArgumentError("wants a number of hours above 0.");
	return value;
}

const LAUNCH_HELP = `
Examples:
  npx atelier launch table2 --dataset sample --plan
  npx atelier launch table2 --dataset sample --methods core,ours --wait
  npx atelier launch table3 --dataset sample-luggage-bags --variants full,no-memory+no-id-embedding
  npx atelier launch figure6 --dataset sample-footwear --settings "low-resource(0.1),full"
  npx atelier launch paper --dataset sample --wait
  npx atelier launch grid-sasrec --dataset beauty --wait    a search over hyperparameters: the best on validation
  npx atelier launch baselines --dataset hm --seeds 3 --set baselines.sasrec.maxEpochs=10`;

export const launchCommand = () =>
	new Command("launch")
		.description("launch a suite: one run for each dataset, method, variant, setting and seed")
		.addArgument(new Argument("<suite>", "name of a file in suites/, such as table2"))
		.requiredOption("--dataset <names>", "datasets or groups, separated by commas", list)
		.option("--methods <names>", "methods in place of the suite's, separated by commas", list)
		.option("--variants <names>", "variants in place of the suite's: switches joined by +, or full", list)
		.option(
			"--settings <names>",
			"settings in place of the suite's: full, cold-start, zero-shot(DATASET), low-resource(SHARE)",
			list,
		)
		.option("--seeds <n>", "how many seeds, at most 20: 1 to n", wholeNumberFrom(1, 20))
		.option("--preset <name>", "preset in place of the suite's")
		.option("--set <name=value>", "override one value of the preset, as fineTune.epochs=2 (repeatable)", collect)
		.option("--priority <n>", "-10 to 10, 0 where it is not said: of what waits, the higher goes first", priorityNumber)
		.option("--only-missing", "leave out runs that another launch has under way already")
		.option("--on <host>", "run its trainer stages on this host (npx atelier host list)")
		.option("--budget-hours <n>", "GPU-hours: a stage that would pass them is not begun, and its runs end", gpuHoursOf)
		.option("--plan", "show what would be reused and what would run, and launch nothing")
		.option(
			"--wait",
			"follow to the end, also through a restart of the console; exit code 1 when a run does not succeed; Ctrl-C leaves the runs going",
		)
		.option("--json", "print one JSON document")
		.addHelpText("after", LAUNCH_HELP)
		.action(launch);
