import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, METRIC_NAMES, METRIC_TITLES, methodTitle, type OutsideReport, problemWords } from "@atelier/core";
import { Command } from "commander";
import { type Client, connect } from "../client";
import { whileWatching } from "../interrupt";
import { wholeNumber, wholeNumberFrom } from "../options";
import { outlive } from "../outlive";
import { bar, duration, note, print, printJson, progressLine, shortId } from "../output";
import { handOverFile } from "../uploads/hand-over";

interface ImportOptions {
	dataset: string;
	method: string;
	like?: string;
	preset?: string;
	setting?: string;
	seed?: number;
	k?: number;
	map?: string;
	encoding?: string;
	ignoreUnknown?: boolean;
	missingAsMissed?: boolean;
	dryRun?: boolean;
	detach?: boolean;
	json?: boolean;
}

const POLL_MS = 300;
const LONGEST_MAPPING = 64_000;

type Started = Awaited<ReturnType<Client["outside"]["startImport"]["mutate"]>>;
type State = Awaited<ReturnType<Client["outside"]["importState"]["query"]>>;

async function importRun(file: string, options: ImportOptions) {
	const client = connect();
	const { dataset, method, like, preset, setting, seed, k, encoding, ignoreUnknown, missingAsMissed, dryRun } = options;
	const mapping = options.map === undefined ? undefined : await readMapping(options.map);
	const started = await client.outside.startImport.mutate({
		...(await handOverFile(client, file)),
		...{ dataset, method, like, preset, setting, seed, k, mapping, encoding, ignoreUnknown, missingAsMissed, dryRun },
	});
	const { run, method: likeMethod, preset: likePreset } = started.like;
	const split = `Held against the split of run ${shortId(run)} (${likeMethod}, preset ${likePreset}): ${started.protocol}.`;
	note(split);
	if (options.detach) {
		if (options.json) printJson(started);
		else print(`Started. It is in npx atelier runs list once it is checked.`);
		return;
	}
	const state = await whileWatching(`The import of ${file} goes on. See npx atelier runs list`, () =>
		follow(started, options.dryRun === true),
	);
	if (options.json) return printJson({ ...state, like: started.like });
	if (state.report !== null) printReport(state.report);
	if (options.dryRun) return print("Nothing was imported: this was a dry run.");
	const id = shortId(state.runId ?? "");
	if (state.wasThere) print(`The same ranks are imported already, as run ${id}; nothing to do.`);
	else
		print(
			`Run ${id} of ${methodTitle(state.method)} on ${started.dataset}. Compare it: npx atelier compare ${id} ${shortId(run)}`,
		);
}

/** The mapping's text, which the console reads. @throws AppError BAD_REQUEST */
async function readMapping(path: string): Promise<string> {
	const text = await readFile(path, "utf8").catch((cause: unknown) => {
		throw new AppError("BAD_REQUEST", `There is no readable file at ${path}.`, { cause });
	});
	if (text.length <= LONGEST_MAPPING) return text;
	throw new AppError("BAD_REQUEST", `${path} is too long for a mapping.`);
}

/** Follows an import to the end of its run. @throws AppError BAD_DATA with what is wrong with the file */
async function follow({ id }: Started, isDryRun: boolean): Promise<State> {
	const line = progressLine();
	const onSilence = (silentMs: number) =>
		line.show("the console does not answer; the import goes on", `asked for ${duration(silentMs)}`);
	try {
		for (;;) {
			const state = await outlive((client, options) => client.outside.importState.query({ id }, options), onSilence);
			if (state.status === "failed" || state.status === "cancelled") {
				throw new AppError(state.status === "failed" ? "BAD_DATA" : "CANCELLED", state.error ?? "The import failed.");
			}
			if (state.status === "succeeded") {
				if (isDryRun) return state;
				const run = await outlive(
					(client, options) => client.runs.get.query({ id: state.runId ?? "" }, options),
					onSilence,
				);
				if (run.status === "succeeded") return state;
				if (run.status !== "queued" && run.status !== "running") {
					throw new AppError("BAD_DATA", run.error ?? `Run ${run.id} was ${run.status}.`);
				}
				line.show("measuring", run.progress.stage ?? "");
			} else {
				const { progress } = state;
				line.show(
					progress?.step ?? "waiting",
					progress ? `${bar(progress.done, progress.total)} ${progress.unit}` : "",
				);
			}
			await sleep(POLL_MS);
		}
	} finally {
		line.end();
	}
}

function printReport({ file, shoppers, mapping, notes, warnings, metrics, problems }: OutsideReport) {
	const columns = Object.entries(mapping ?? {}).map(([part, name]) => `${part} from ${name}`);
	print(
		`${file}: ${shoppers.found.toLocaleString("en-US")} of ${shoppers.expected.toLocaleString("en-US")} test shoppers; ${columns.join(", ")}.`,
	);
	for (const problem of problems) print(problemWords(problem));
	for (const text of notes) print(text);
	for (const text of warnings) print(`Warning: ${text}`);
	if (metrics === null) return;
	const known = METRIC_NAMES.flatMap((name) =>
		metrics[name] === undefined ? [] : `${METRIC_TITLES[name]} ${metrics[name].toFixed(4)}`,
	);
	const others = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
	print(`${(known.length > 0 ? known : others).join(", ")}.`);
}

async function removeRun(run: string, options: { yes?: boolean; json?: boolean }) {
	const client = connect();
	const { id, sentences } = await client.runs.dependents.query({ id: run });
	if (!options.yes) {
		const used = sentences.map((text) => ` ${text}`).join("");
		throw new AppError("CONFLICT", `Run ${shortId(id)} was left as it is. To remove it, say so: --yes.${used}`);
	}
	const { removed } = await client.runs.remove.mutate({ ids: [id] });
	if (options.json) return printJson({ removed, id, dependents: sentences });
	for (const text of sentences) print(text);
	print(`Removed run ${shortId(id)}.`);
}

const IMPORT_HELP = `
A row is a shopper with a rank, or with a ranked list; or one item of a shopper's list. Columns are known by their names
(user_id, rank, items, item_id, score, ground_truth) or named in a mapping. Nothing is imported while a single row is
wrong: unknown shoppers and items, shoppers twice or missing, ranks that cannot be. docs/outside-methods.md says it all.

Examples:
  npx atelier run import ranks.csv --dataset shop --method "My method" --dry-run
  npx atelier run import topk.tsv --dataset shop --method "SASRec (RecBole)" --map recbole.yml --seed 2020`;

export function importCommand(): Command {
	return new Command("import")
		.description("make a run of a file of ranks or lists that a method made elsewhere")
		.argument("<file>", ".csv, .tsv, .jsonl or .parquet; uploaded where the console may not read it itself")
		.requiredOption("--dataset <name>", "the data set that it ranks for")
		.requiredOption("--method <name>", "what to call the method; it is shown as outside")
		.option("--like <run>", "the run whose split, setting and K it shares (default: the newest of the data set)")
		.option("--preset <name>", "the newest run of this preset instead")
		.option("--setting <name>", "full, cold-start, zero-shot(DATASET) or low-resource(SHARE) (default: full)")
		.option("--seed <n>", "the seed that the method ran with (default 0)", wholeNumber)
		.option("--k <n>", "cutoff of the metrics (default: that run's)", wholeNumberFrom(1, 100))
		.option("--map <file>", "YAML that says which column holds what")
		.option("--encoding <name>", "of a text file, where it is not UTF-8")
		.option("--ignore-unknown", "leave out rows of shoppers who are no test shoppers of the split")
		.option("--missing-as-missed", "count test shoppers without a row as missed")
		.option("--dry-run", "only say what would come of it")
		.option("--detach", "return at once")
		.option("--json", "print one JSON document")
		.addHelpText("after", IMPORT_HELP)
		.action(importRun);
}

export function removeCommand(): Command {
	return new Command("remove")
		.description("remove a run with its results; without --yes only say what depends on it")
		.argument("<run>", "id, or the beginning of one")
		.option("--yes", "remove it")
		.option("--json", "print one JSON document")
		.action(removeRun);
}
