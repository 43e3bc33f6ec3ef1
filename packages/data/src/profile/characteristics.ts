import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@atelier/core";
import { openDuckDb } from "../duckdb";
import { measureAttributeDriven } from "./attribute-driven";
import type { DatasetCharacteristics } from "./characteristics-schema";
import { measureComparisons } from "./comparisons";
import { makeLogTables } from "./log-tables";
import { measureQueryDiversity } from "./query-diversity";
import { measureTurnover } from "./turnover";

/**
 * The four characteristics of the paper's section 3 for an imported dataset, out of its Parquet files. Takes seconds for a
 * large log.
 *
 * @param path folder of the dataset
 * @throws AppError NOT_FOUND when there is no dataset in it.
 */
export async function characteriseDataset(path: string): Promise<DatasetCharacteristics> {
	if (!existsSync(join(path, "manifest.json"))) throw new AppError("NOT_FOUND", `There is no dataset at ${path}.`);
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
