import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError, messageOf } from "@atelier/core";
import { openDuckDb, parquet } from "@atelier/data";
import { type CopyRow, copyInto, type PoolClient } from "@atelier/db";
import { keepRanks } from "@atelier/jobs";
import { z } from "zod";
import { columnList } from "./column-list";
import { copyValue } from "./stage-tables";

const figures = z.object({
	count: z.number(),
	metrics: z.record(z.string(), z.object({ value: z.number(), low: z.number(), high: z.number() })),
});
const metricsFile = figures.extend({ slices: z.record(z.string(), figures).default({}) });

const PREDICTION = ["example_id", "user_id", "ground_truth", "rank", "items", "origins", "cold"] as const;

/**
 * Fills `metric`, `prediction` and `rank_vector` of a run from the folder of its evaluate stage, replacing what was there. Belongs to
 * the caller's transaction.
 *
 * @throws AppError BAD_DATA when the files are gone or not what the contract says
 */
export async function loadResults(client: PoolClient, runId: string, folder: string): Promise<void> {
	const metrics = await readMetrics(folder);
	await client.query("DELETE FROM metric WHERE run_id = $1", [runId]);
	await client.query("DELETE FROM prediction WHERE run_id = $1", [runId]);
	const columns = ["run_id", "slice", "name", "value", "low", "high", "count"];
	await copyInto(client, "metric", columns, metricRows(runId, metrics));
	await copyInto(client, "prediction", ["run_id", ...PREDICTION], predictionRows(runId, folder));
	await keepRanks(client, runId);
}

async function readMetrics(folder: string): Promise<z.infer<typeof metricsFile>> {
	try {
		return metricsFile.parse(JSON.parse(await readFile(join(folder, "metrics.json"), "utf8")));
	} catch (error) {
		throw new AppError("BAD_DATA", `The metrics in ${folder} cannot be read: ${messageOf(error)}`);
	}
}

/** A slice without examples has no figures and so no rows. */
function* metricRows(runId: string, { slices, ...all }: z.infer<typeof metricsFile>): Generator<CopyRow> {
	for (const [slice, { count, metrics }] of Object.entries({ all, ...slices })) {
		if (count === 0) continue;
		for (const [name, { value, low, high }] of Object.entries(metrics)) {
			yield [runId, slice, name, value, low, high, count];
		}
	}
}

async function* predictionRows(runId: string, folder: string): AsyncGenerator<CopyRow> {
	const duckdb = await openDuckDb();
	try {
		const query = `SELECT ${columnList(PREDICTION)} FROM ${parquet(folder, "predictions.parquet")}`;
		for await (const batch of duckdb.stream(query)) {
			for (const row of batch) yield [runId, ...PREDICTION.map((column) => copyValue(row[column]))];
		}
	} finally {
		duckdb.close();
	}
}
