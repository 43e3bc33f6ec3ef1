import { randomUUID } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { APP_ERROR_CODES, AppError, EXPORT_FORMATS, EXPORT_ROWS_HEADER, type ExportFormat } from "@atelier/core";
import { Command, Option } from "commander";
import { z } from "zod";
import { connect } from "../client";
import { readEnv } from "../env";
import { bar, print, printJson, progressLine, shortId } from "../output";

interface ExportOptions {
	format?: ExportFormat;
	out: string;
	force?: boolean;
	json?: boolean;
}

const LINE_FEED = 10;

/** The format that was named, else the one that the file's name ends in. @throws AppError BAD_REQUEST */
function formatOf({ format, out }: ExportOptions): ExportFormat {
	const ending = out.toLowerCase().split(".").at(-1);
	const found = format ?? EXPORT_FORMATS.find((known) => known === ending);
	if (found !== undefined) return found;
	throw new AppError("BAD_REQUEST", `Name a format with --format, or end the file in .${EXPORT_FORMATS.join(", .")}.`);
}

async function exportRun(id: string, options: ExportOptions) {
	const format = formatOf(options);
	const path = resolve(options.out);
	await refuseUnfit(path, options.force === true);
	// Says which run a beginning of an id stands for before anything is written.
	const run = await connect().runs.get.query({ id });
	const stopping = new AbortController();
	const stop = () => stopping.abort();
	process.once("SIGINT", stop);
	process.once("SIGTERM", stop);
	const part = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.part`);
	try {
		const rows = await download(run.id, format, part, stopping.signal);
		await refuseUnfit(path, options.force === true);
		await rename(part, path);
		if (options.json) return printJson({ run: run.id, format, path, shoppers: rows });
		print(`${path}: ${rows.toLocaleString("en-US")} shoppers of run ${shortId(run.id)}.`);
	} catch (error) {
		if (stopping.signal.aborted) throw new AppError("CANCELLED", `Stopped: nothing was written to ${path}.`);
		throw error;
	} finally {
		process.off("SIGINT", stop);
		process.off("SIGTERM", stop);
		await rm(part, { force: true });
	}
}

/** @throws AppError CONFLICT for a file that is there already, BAD_REQUEST for a folder that is not, or that is named itself */
async function refuseUnfit(path: string, isForced: boolean): Promise<void> {
	const [file, folder] = await Promise.all([stat(path).catch(() => null), stat(dirname(path)).catch(() => null)]);
	if (!folder?.isDirectory()) throw new AppError("BAD_REQUEST", `There is no folder ${dirname(path)}.`);
	if (file !== null && !file.isFile()) throw new AppError("BAD_REQUEST", `${path} is no file: name one.`);
	if (file !== null && !isForced) {
		throw new AppError("CONFLICT", `${path} is there already. Name another file, or add --force to replace it.`);
	}
}

/** @returns how many shoppers there are in it. @throws AppError, also where the answer breaks off */
async function download(id: string, format: ExportFormat, path: string, signal: AbortSignal): Promise<number> {
	const { url, token } = readEnv();
	const response = await fetch(`${url}/api/runs/${id}/export?format=${format}`, {
		headers: { authorization: `Bearer ${token}` },
		signal,
	}).catch((cause: unknown) => {
		throw new AppError("UNAVAILABLE", "The console does not answer. Is npm start running?", { cause });
	});
	if (!response.ok || response.body === null) throw await refusalOf(response);
	const rows = Number(response.headers.get(EXPORT_ROWS_HEADER) ?? Number.NaN);
	const line = progressLine();
	const file = await open(path, "wx", 0o644);
	let [bytes, lines] = [0, 0];
	try {
		for await (const chunk of response.body) {
			await file.writeFile(chunk);
			bytes += chunk.length;
			if (format !== "parquet") lines += lineFeedsIn(chunk);
			line.show("exporting", format === "parquet" ? `${bytes.toLocaleString("en-US")} bytes` : bar(lines, rows));
		}
		await file.sync();
	} catch (cause) {
		throw new AppError("UNAVAILABLE", "The export broke off, and nothing was written. Try again.", { cause });
	} finally {
		line.end();
		await file.close();
	}
	// A text file has a line a shopper, and a CSV one for its header; of a binary one the length was checked on the way.
	if (format !== "parquet" && lines - (format === "csv" ? 1 : 0) !== rows) {
		throw new AppError("UNAVAILABLE", `The export broke off after ${lines} lines, and nothing was written. Try again.`);
	}
	return rows;
}

function lineFeedsIn(chunk: Uint8Array): number {
	let count = 0;
	for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) count += 1;
	return count;
}

const refusal = z.object({ code: z.enum(APP_ERROR_CODES), message: z.string() });

async function refusalOf(response: Response): Promise<AppError> {
	const said = refusal.safeParse(await response.json().catch(() => null));
	if (said.success) return new AppError(said.data.code, said.data.message);
	return new AppError(response.status >= 500 ? "UNAVAILABLE" : "INTERNAL", `The console answered ${response.status}.`);
}

const EXPORT_HELP = `
Columns: user_id, ground_truth, rank (empty where it is not ranked), items, scores (where the method keeps them), cold,
and whatever slices can ask of the shopper (docs/slices.md).
Shoppers and items go by the keys of the imported log; in CSV the lists are JSON. More: docs/outside-methods.md.

Examples:
  npx atelier run export 1a2b3c4d --out core.parquet
  npx atelier run export 1a2b3c4d --format csv --out core.csv`;

export function exportCommand(): Command {
	return new Command("export")
		.description("write a run's results to a file, one test shopper a row")
		.argument("<run>", "id, or the beginning of one")
		.addOption(new Option("--format <format>", "taken from the file's name when absent").choices(EXPORT_FORMATS))
		.requiredOption("--out <file>", "what to write; it is there once it is whole")
		.option("--force", "replace a file that is there")
		.option("--json", "print one JSON document")
		.addHelpText("after", EXPORT_HELP)
		.action(exportRun);
}
