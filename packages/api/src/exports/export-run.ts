import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
	AppError,
	attachmentHeader,
	EXPORT_FORMATS,
	EXPORT_ROWS_HEADER,
	EXPORT_TYPES,
	type ExportedShopper,
	type ExportFormat,
	exportCsvHead,
	exportCsvRow,
	exportJsonLine,
	visibleText,
} from "@atelier/core";
import { exportParquet } from "@atelier/data";
import { z } from "zod";
import { currentUser } from "../auth/current-user";
import type { Services } from "../context";
import { foreseen, statusOf } from "../errors";
import { findRun } from "../rows/find-run";
import { refuseUnfinished } from "../rows/inspected-run";
import { bodyOf } from "./body-of";
import { attributesOfSplit, type ExampleAttributes } from "./example-attributes";
import { scoresOfRun } from "./scores-of-run";
import { shopperPages } from "./shopper-pages";

const wanted = z.object({ format: z.enum(EXPORT_FORMATS, `must be one of ${EXPORT_FORMATS.join(", ")}`) });

/**
 * The results of a run, one shopper a row: `GET /api/runs/ID/export?format=csv`. A route of its own, since an answer of
 * any length is no procedure's: rows are read, written and forgotten a page at a time. An answer that cannot go on breaks
 * off, and its header says how many rows it would have had.
 */
export async function exportRun(services: Services, request: Request, { id }: { id: string }): Promise<Response> {
	try {
		if ((await currentUser(services, request.headers)) === null) {
			throw new AppError("UNAUTHORIZED", "Sign in first: npx atelier sign-in prints a one-time link.");
		}
		const parsed = wanted.safeParse(Object.fromEntries(new URL(request.url).searchParams));
		if (!parsed.success) throw new AppError("BAD_REQUEST", `format: ${parsed.error.issues[0]?.message}`);
		return await answer(services, id, parsed.data.format, request.signal);
	} catch (error) {
		const known = foreseen(error);
		if (known === null) throw error;
		return Response.json({ code: known.code, message: known.message }, { status: statusOf(known.code) });
	}
}

async function answer(services: Services, given: string, format: ExportFormat, signal: AbortSignal): Promise<Response> {
	const { db, home } = services;
	const run = await findRun(db, given, {
		dataset: { select: { name: true } },
		stages: { where: { stage: { kind: "split" } }, select: { stage: { select: { key: true, datasetId: true } } } },
	});
	refuseUnfinished(run);
	const split = run.stages.find(({ stage }) => stage.datasetId === run.datasetId)?.stage.key;
	if (split === undefined)
		throw new AppError("CONFLICT", `Run ${run.id} has lost its split: its shoppers have no names.`);
	const count = await db.prediction.count({ where: { runId: run.id } });
	const attributes = await attributesOfSplit(db, split);
	const names = attributes.columns.map(({ name: one }) => one);
	const shoppers = () =>
		shoppersOf(services, { id: run.id, datasetId: run.datasetId, split }, { count, attributes, signal });
	const name = `${run.dataset.name}-${run.method}-${run.id.slice(0, 8)}.${format}`;
	const headers = {
		"content-type": EXPORT_TYPES[format],
		"content-disposition": attachmentHeader(visibleText(name)),
		[EXPORT_ROWS_HEADER]: String(count),
	};
	if (format !== "parquet") {
		return new Response(bodyOf(format === "csv" ? csvOf(shoppers(), names) : linesOf(shoppers(), names)), { headers });
	}
	const folder = join(home, "tmp", `export-${randomUUID()}`);
	const remove = () => rm(folder, { recursive: true, force: true });
	try {
		const path = await exportParquet(linesOf(shoppers(), names), attributes.columns, folder);
		const { size } = await stat(path);
		const body = bodyOf(createReadStream(path), remove);
		return new Response(body, { headers: { ...headers, "content-length": String(size) } });
	} catch (error) {
		await remove();
		throw error;
	}
}

/** A page at a time. @throws AppError CONFLICT when the run's results were replaced or removed meanwhile */
async function* shoppersOf(
	services: Services,
	run: Parameters<typeof shopperPages>[1],
	{ count, attributes, signal }: { count: number; attributes: ExampleAttributes; signal: AbortSignal },
): AsyncGenerator<ExportedShopper[]> {
	const scores = await scoresOfRun(services, run.id);
	let seen = 0;
	try {
		for await (const page of shopperPages(services.db, run)) {
			if (signal.aborted) throw new AppError("CANCELLED", "Nobody waits for this export any more.");
			const rows: ExportedShopper[] = [];
			for (const { exampleId, ...shopper } of page) {
				rows.push({ ...shopper, scores: await scores.of(exampleId), attributes: attributes.of(exampleId) });
			}
			seen += rows.length;
			yield rows;
		}
	} finally {
		await scores.close();
	}
	if (seen !== count) {
		throw new AppError("CONFLICT", `Run ${run.id} had ${count} shoppers and has ${seen} now. Export it again.`);
	}
}

async function* csvOf(pages: AsyncIterable<ExportedShopper[]>, names: readonly string[]): AsyncGenerator<string> {
	yield exportCsvHead(names);
	for await (const page of pages) yield page.map(exportCsvRow).join("");
}

async function* linesOf(pages: AsyncIterable<ExportedShopper[]>, names: readonly string[]): AsyncGenerator<string> {
	for await (const page of pages) yield page.map((shopper) => exportJsonLine(shopper, names)).join("");
}
