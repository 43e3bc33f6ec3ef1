import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { AttributeKind } from "@atelier/core";
import { openDuckDb } from "../duckdb";
import { text } from "../sql";

const TYPES: Record<AttributeKind, string> = { flag: "BOOLEAN", number: "DOUBLE", category: "VARCHAR" };
/** A line holds lists of a hundred keys, and a key may be long; each thread has a buffer of twice as much. */
const LONGEST_LINE = 16 << 20;

/**
 * Writes the lines of an export ({@link exportJsonLine} of core) as one Parquet file. They go through a file and not
 * through memory, and what costs time is DuckDB's, outside of the event loop.
 *
 * @param further columns beside those that every export has
 * @param folder scratch, made here; whoever calls removes it
 * @returns the path of the file, in `folder`
 */
export async function exportParquet(
	lines: AsyncIterable<string>,
	further: readonly { name: string; kind: AttributeKind }[],
	folder: string,
): Promise<string> {
	const types = further.map(({ name, kind }) => `, ${text(name)}: '${TYPES[kind]}'`).join("");
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const rows = join(folder, "rows.jsonl");
	const path = join(folder, "shoppers.parquet");
	await pipeline(Readable.from(lines), createWriteStream(rows));
	const db = await openDuckDb({ temporaryFolder: join(folder, "duckdb"), memoryLimit: "256MB", threads: 1 });
	try {
		await db.writeParquet(
			`SELECT * FROM read_json(${text(rows)}, format = 'newline_delimited', maximum_object_size = ${LONGEST_LINE},
				columns = {user_id: 'VARCHAR', ground_truth: 'VARCHAR', rank: 'INTEGER', items: 'VARCHAR[]',
					scores: 'DOUBLE[]', cold: 'BOOLEAN'${types}})`,
			path,
		);
	} finally {
		db.close();
	}
	await rm(rows);
	return path;
}
