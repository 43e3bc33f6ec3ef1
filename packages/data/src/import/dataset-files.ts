import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DatasetManifest, datasetManifest } from "@atelier/core";
import { listFiles } from "@atelier/store";
import { z } from "zod";
import { text } from "../sql";
import type { ImportContext } from "./import-context";
import { summarise } from "./summary";

/** Columns of `manifest.json` that the database does not know. */
export type ManifestHead = Omit<
	DatasetManifest,
	"counts" | "rejectedByReason" | "warnedByReason" | "summary" | "hasTimes" | "files"
>;

/** Writes the three Parquet files, the quarantine and the manifest into `folder`. */
export async function writeDatasetFiles(
	context: ImportContext,
	folder: string,
	head: ManifestHead,
): Promise<DatasetManifest> {
	const { db } = context;
	await db.run("SET preserve_insertion_order = true");
	await db.writeParquet(
		"SELECT item_id, item_key, title, attributes, family, price, launched_at FROM items ORDER BY item_id",
		join(folder, "items.parquet"),
	);
	await db.writeParquet(
		'SELECT user_id, user_key, ord, action, item_id, query, stamp AS "at", derived FROM interactions ORDER BY user_id, ord',
		join(folder, "interactions.parquet"),
	);
	await db.writeParquet(
		'SELECT query, item_id, position, stamp AS "at", user_id FROM exposures ORDER BY stamp, file, line',
		join(folder, "exposures.parquet"),
	);
	await writeQuarantine(context, join(folder, "quarantine.ndjson"));
	await writeRows(context, "warnings", join(folder, "warnings.ndjson"), WARNINGS_KEPT);
	const counts = await db.one(
		datasetManifest.shape.counts,
		`SELECT (SELECT count(*) FROM items) AS items, (SELECT count(*) FROM users) AS users,
			count(*) FILTER (action = 'search') AS searches, count(*) FILTER (action = 'click') AS clicks,
			count(*) FILTER (action = 'purchase') AS purchases, (SELECT count(*) FROM exposures) AS exposures,
			(SELECT count(*) FROM quarantine) AS rejected FROM interactions`,
	);
	const { hasTimes } = await db.one(
		z.object({ hasTimes: z.boolean() }),
		`SELECT coalesce(bool_or(stamp IS NOT NULL), false) AS "hasTimes" FROM interactions`,
	);
	const manifest = datasetManifest.parse({
		...head,
		hasTimes,
		counts,
		rejectedByReason: await countByReason(context, "quarantine"),
		warnedByReason: await countByReason(context, "warnings"),
		summary: await summarise(context),
		files: await listFiles(folder),
	});
	await writeFile(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, "\t")}\n`);
	return manifest;
}

/** Warnings of one kind that are kept with their rows; all are counted. */
const WARNINGS_KEPT = 1_000;

async function countByReason({ db }: ImportContext, table: "quarantine" | "warnings"): Promise<Record<string, number>> {
	const reasons = await db.all(
		z.object({ reason: z.string(), rows: z.number() }),
		`SELECT reason, count(*) AS rows FROM ${table} GROUP BY reason ORDER BY rows DESC, reason`,
	);
	return Object.fromEntries(reasons.map(({ reason, rows }) => [reason, rows]));
}

/** One JSON object per rejected row, in the order of the files and their lines. */
export async function writeQuarantine(context: ImportContext, path: string): Promise<void> {
	await writeRows(context, "quarantine", path, Number.MAX_SAFE_INTEGER);
}

async function writeRows(
	context: ImportContext,
	table: "quarantine" | "warnings",
	path: string,
	mostOfAKind: number,
): Promise<void> {
	await context.db.run("SET preserve_insertion_order = true");
	const names = context.files.map((file, id) => `(${id}, ${text(file.name)})`).join(", ");
	await context.db.run(`COPY (
		SELECT names.name AS file, kept.line, kept.reason, kept.row
		FROM (SELECT * FROM ${table} QUALIFY row_number() OVER (PARTITION BY reason ORDER BY file, line) <= ${mostOfAKind}) kept
		JOIN (VALUES ${names}) names(file, name) ON names.file = kept.file
		ORDER BY kept.file, kept.line) TO ${text(path)} (FORMAT json)`);
}
