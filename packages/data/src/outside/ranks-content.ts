import { createHash } from "node:crypto";
import { z } from "zod";
import type { DuckDb } from "../duckdb";
import { text } from "../sql";

const line = z.object({ line: z.string() });

/** SHA-256 over what a file of checked ranks says, in hex; how it was packed makes no difference. */
export async function ranksContent(db: DuckDb, path: string): Promise<string> {
	const hash = createHash("sha256");
	const rows = `SELECT to_json({e: example_id, r: rank, i: items, s: scores})::VARCHAR AS line
		FROM read_parquet(${text(path)}) ORDER BY example_id`;
	for await (const batch of db.batches(line, rows)) hash.update(batch.map((row) => `${row.line}\n`).join(""));
	return hash.digest("hex");
}
