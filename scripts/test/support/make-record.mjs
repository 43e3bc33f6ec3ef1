// Run with ATELIER_HOME: makes a record and a store there as an Atelier leaves them, and stops.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { home } from "../../lib/paths.mjs";
import { keepPrivate } from "../../lib/private-files.mjs";
import { migrateRecord } from "../../lib/record.mjs";
import { openRecord } from "../../lib/record-access.mjs";

keepPrivate(home);
const record = await openRecord();
const client = new pg.Client({ connectionString: await migrateRecord(record) });
await client.connect();
await client.query(`
	INSERT INTO dataset (id, name, format, status, request, path, counts)
	VALUES ('d1', 'shoes', 'atelier', 'ready', '{}', 'datasets/d1', '{}');
	INSERT INTO stage (key, kind, revision, seed, dataset_id, params, inputs, status, path)
	VALUES ('s1', 'split', 1, 0, 'd1', '{}', '{}', 'succeeded', 'stages/split/s1/a1');
	INSERT INTO item (dataset_id, item_id, item_key, title, attributes)
	SELECT 'd1', number, 'key ' || number, 'Title ' || repeat('ü', 40) || number, '{}' FROM generate_series(1, 20000) AS number`);
await client.end();
for (const [folder, file, text] of [
	["datasets/d1", "items.parquet", "rows ".repeat(50_000)],
	["stages/split/s1/a1", "receipt.json", "{}"],
	["stages/split/s1/a1/more", "empty.parquet", ""],
	["stages/split/s1/gone", "left-by-a-failed-attempt", "not in a backup"],
]) {
	mkdirSync(join(home, "store", folder ?? ""), { recursive: true });
	writeFileSync(join(home, "store", folder ?? "", file ?? ""), text ?? "");
}
await record.close();
