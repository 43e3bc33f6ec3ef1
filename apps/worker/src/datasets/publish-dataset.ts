import { AppError, type DatasetManifest, type StoredFile } from "@atelier/core";
import { type DuckDbRow, type ImportOutcome, type ImportProgress, openDuckDb, parquet } from "@atelier/data";
import { type CopyRow, copyInto, inTransaction, type PoolClient } from "@atelier/db";
import { datasetRef } from "@atelier/store";
import { columnList } from "../tables/column-list";
import { copyValue } from "../tables/stage-tables";
import type { WorkerContext } from "../worker-context";

export interface Publication {
	/** Id of the row that asked for the import. */
	rowId: string;
	name: string;
	outcome: ImportOutcome;
	report: (progress: ImportProgress) => void;
	signal: AbortSignal;
}

const ITEM = ["item_id", "item_key", "title", "attributes", "family", "price"] as const;
const INTERACTION = ["user_id", "user_key", "ord", "action", "item_id", "query", "at", "derived"] as const;

/**
 * Puts an imported dataset into the record: its row, under the id of its content, with all items and interactions, in
 * one transaction. The row that asked for it gives way. Content that is there already under the same name is no news.
 *
 * @throws AppError CONFLICT when the content is there under another name, or the name with other content; CANCELLED
 */
export async function publishDataset(worker: WorkerContext, publication: Publication): Promise<void> {
	const { name, outcome, rowId, signal } = publication;
	const { id } = outcome.manifest;
	const [sameContent, sameName] = await Promise.all([
		worker.db.dataset.findUnique({ where: { id } }),
		worker.db.dataset.findFirst({ where: { name, NOT: { id: rowId } } }),
	]);
	const ref = datasetRef(id);
	const files = await worker.store.drafts.filesOf(ref, { signal });
	if (files === null) throw new AppError("BAD_DATA", `The files of dataset ${id} were changed while it was imported.`);
	await worker.store.publish(ref, outcome.path, files);
	if (sameContent && !outcome.alreadyImported) await noteMended(worker, id, files);
	if (sameContent?.name === name) {
		await worker.db.dataset.deleteMany({ where: { id: rowId, status: "importing" } });
		return;
	}
	if (sameContent) {
		throw new AppError(
			"CONFLICT",
			`The same content is there already, as dataset ${sameContent.name}; nothing was imported.`,
		);
	}
	try {
		if (sameName) {
			throw new AppError(
				"CONFLICT",
				`There is a dataset ${name} with other content. Choose another name, or remove it first.`,
			);
		}
		const folder = await worker.store.folder(ref, { holder: rowId, signal });
		await inTransaction(worker.pool, (client) => insert(client, publication, folder, files));
		if (signal.aborted) throw new AppError("CANCELLED", "The import was cancelled.");
	} catch (error) {
		const isThere = await worker.db.dataset.count({ where: { id } });
		if (isThere === 0) await worker.store.remove(ref);
		throw error;
	} finally {
		await worker.store.release(rowId);
	}
}

/** Its files were damaged, and this import has made them anew. */
async function noteMended({ db }: WorkerContext, id: string, files: StoredFile[]): Promise<void> {
	await db.dataset.update({
		where: { id },
		data: { files, verifiedAt: new Date(), damage: null, damagedAt: null, path: datasetRef(id) },
	});
}

async function insert(
	client: PoolClient,
	publication: Publication,
	folder: string,
	files: readonly StoredFile[],
): Promise<void> {
	const { rowId, name, outcome, report, signal } = publication;
	const { manifest } = outcome;
	// From here on the row is ours: a cancellation waits, or came first and is seen.
	const { rows } = await client.query("SELECT 1 FROM dataset WHERE id = $1 AND status = 'importing' FOR UPDATE", [
		rowId,
	]);
	if (rows.length === 0) throw new AppError("CANCELLED", "The import was cancelled.");
	await client.query("UPDATE dataset SET id = $2 WHERE id = $1", [rowId, manifest.id]);
	const total = manifest.counts.items + manifest.counts.searches + manifest.counts.clicks + manifest.counts.purchases;
	let done = 0;
	const duckdb = await openDuckDb({ signal });
	async function* rowsOf(file: string, columns: readonly string[]): AsyncGenerator<CopyRow> {
		const order = file.startsWith("items") ? "item_id" : "user_id, ord";
		const query = `SELECT ${columnList(columns)} FROM ${parquet(folder, file)} ORDER BY ${order}`;
		for await (const batch of duckdb.stream(query)) {
			for (const row of batch) yield [manifest.id, ...columns.map((column) => copyValue(cell(row, column)))];
			done += batch.length;
			report({ step: "loading", done, total, unit: "rows" });
		}
	}
	try {
		await copyInto(client, "item", ["dataset_id", ...ITEM], rowsOf("items.parquet", ITEM));
		await copyInto(client, "interaction", ["dataset_id", ...INTERACTION], rowsOf("interactions.parquet", INTERACTION));
	} finally {
		duckdb.close();
	}
	await setReady(client, manifest, name, files);
}

/** `attributes` is JSON as text in both places; the other columns are as they are. */
function cell(row: DuckDbRow, column: string) {
	return column === "attributes" ? (row.attributes ?? "{}") : row[column];
}

async function setReady(
	client: PoolClient,
	manifest: DatasetManifest,
	name: string,
	files: readonly StoredFile[],
): Promise<void> {
	await client.query(
		`UPDATE dataset SET name = $2, "group" = $3, status = 'ready', content_hash = $4, synthetic = $5, queries_derived = $6,
			has_times = $7, path = $8, counts = $9, rejected = $10, sources = $11, progress = NULL, error = NULL,
			ready_at = now() AT TIME ZONE 'UTC', files = $12, verified_at = now() AT TIME ZONE 'UTC', warned = $13, summary = $14
		WHERE id = $1`,
		[
			manifest.id,
			name,
			manifest.group,
			manifest.contentHash,
			manifest.synthetic,
			manifest.queriesDerived,
			manifest.hasTimes,
			datasetRef(manifest.id),
			JSON.stringify(manifest.counts),
			JSON.stringify(manifest.rejectedByReason),
			JSON.stringify(manifest.sources),
			JSON.stringify(files),
			JSON.stringify(manifest.warnedByReason ?? null),
			JSON.stringify(manifest.summary ?? null),
		],
	);
}
