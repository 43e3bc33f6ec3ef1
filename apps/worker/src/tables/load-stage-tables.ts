import { openDuckDb } from "@atelier/data";
import { type CopyRow, copyInto, type PoolClient } from "@atelier/db";
import type { StageTable } from "./stage-tables";

/**
 * Brings what the console reads of a stage into the record, from its Parquet files through DuckDB with COPY. Rows that
 * were there for this stage are replaced, so loading twice is loading once. Belongs to the caller's transaction.
 */
export async function loadStageTables(
	client: PoolClient,
	stageKey: string,
	tables: readonly StageTable[],
): Promise<void> {
	if (tables.length === 0) return;
	const duckdb = await openDuckDb();
	try {
		for (const { table, columns, query, toRow } of tables) {
			await client.query(`DELETE FROM "${table}" WHERE stage_key = $1`, [stageKey]);
			const rows = rowsOf(duckdb.stream(query), stageKey, toRow);
			await copyInto(client, table, ["stage_key", ...columns], rows);
		}
	} finally {
		duckdb.close();
	}
}

async function* rowsOf(
	batches: AsyncGenerator<Parameters<StageTable["toRow"]>[0][]>,
	stageKey: string,
	toRow: StageTable["toRow"],
): AsyncGenerator<CopyRow> {
	for await (const batch of batches) {
		for (const row of batch) yield [stageKey, ...toRow(row)];
	}
}
