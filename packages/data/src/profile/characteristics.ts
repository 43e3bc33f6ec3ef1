import { existsSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@atelier/core";
import { openDuckDb } from "../duckdb";
import { measureAttributeDriven } from "./attribute-driven";
import { type DatasetCharacteristics, datasetCharacteristics } from "./characteristics-schema";
import { measureComparisons } from "./comparisons";
import { makeLogTables } from "./log-tables";
import { measureQueryDiversity } from "./query-diversity";
import { measureTurnover } from "./turnover";

/** Beside the dataset's Parquet files, which never change. */
const CACHE_FILE = "characteristics.json";

/**
 * The four characteristics of the paper's section 3 for an imported dataset, out of its Parquet files: computed at the
 * first call, read from `characteristics.json` beside them later.
 *
 * @param path folder of the dataset
 * @throws AppError NOT_FOUND when there is no dataset in it.
 */
export async function characteriseDataset(path: string): Promise<DatasetCharacteristics> {
	if (!existsSync(join(path, "manifest.json"))) throw new AppError("NOT_FOUND", `There is no dataset at ${path}.`);
	const cached = await readCache(path);
	if (cached) return cached;
	const measured = await measure(path);
	await writeCache(path, measured);
	return measured;
}

async function measure(path: string): Promise<DatasetCharacteristics> {
	const db = await openDuckDb();
	try {
		const tables = await makeLogTables(db, path);
		return {
			revision: 1,
			turnover: await measureTurnover(db, tables),
			comparisons: await measureComparisons(db, tables),
			attributeDriven: await measureAttributeDriven(db, tables),
			queryDiversity: await measureQueryDiversity(db, tables),
		};
	} finally {
		db.close();
	}
}

/** Undefined for no file, one that was cut short, or one of another revision. */
async function readCache(path: string): Promise<DatasetCharacteristics | undefined> {
	try {
		return datasetCharacteristics.parse(JSON.parse(await readFile(join(path, CACHE_FILE), "utf8")));
	} catch {
		return undefined;
	}
}

/** A folder that cannot be written to costs time at the next call, nothing else. */
async function writeCache(path: string, measured: DatasetCharacteristics): Promise<void> {
	const draft = join(path, `.${CACHE_FILE}.${process.pid}.${Date.now()}`);
	try {
		await writeFile(draft, `${JSON.stringify(measured, null, "\t")}\n`);
		await rename(draft, join(path, CACHE_FILE));
	} catch {
		await rm(draft, { force: true });
	}
}
