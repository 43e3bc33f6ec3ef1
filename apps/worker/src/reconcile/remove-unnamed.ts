import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WorkerContext } from "../worker-context";

/**
 * Removes the files of datasets and stages that no row names any more. A store belongs to the record that first used
 * it; with another record (a `DATABASE_URL` that was changed) nothing is removed, since all of it would look unnamed.
 */
export async function removeUnnamed(worker: WorkerContext): Promise<void> {
	const { db, folders } = worker;
	if (!(await isOwnStore(worker))) return;
	// Folders first, rows second: what appears in between is in the rows. Files of an import come before its row is ready.
	const imported = await namesIn(join(folders.store, "datasets"));
	if ((await db.dataset.count({ where: { status: "importing" } })) > 0) return;
	const datasets = new Set((await db.dataset.findMany({ select: { id: true } })).map(({ id }) => id));
	for (const id of imported) {
		if (!datasets.has(id) && !id.startsWith(".")) await remove(worker, join(folders.store, "datasets", id));
	}
	const stages = join(folders.store, "stages");
	for (const kind of await namesIn(stages)) {
		const keys = await namesIn(join(stages, kind));
		const known = await db.stage.findMany({ where: { key: { in: keys } }, select: { key: true } });
		const named = new Set(known.map(({ key }) => key));
		for (const key of keys.filter((name) => !named.has(name))) await remove(worker, folders.stage(kind, key));
	}
}

async function remove({ log }: WorkerContext, path: string): Promise<void> {
	log(`removing ${path}: no row names it any more`);
	await rm(path, { recursive: true, force: true });
}

async function isOwnStore({ db, folders }: WorkerContext): Promise<boolean> {
	// Made at random when a database is first migrated, and never changed.
	const [record] = await db.$queryRaw<{ id: string }[]>`
		SELECT id FROM _prisma_migrations ORDER BY started_at, migration_name LIMIT 1`;
	if (record === undefined) return false;
	const path = join(folders.store, "record-id");
	const owner = await readFile(path, "utf8").catch(() => null);
	if (owner !== null) return owner === record.id;
	if ((await namesIn(folders.store)).length > 0) return false;
	await mkdir(folders.store, { recursive: true });
	await writeFile(path, record.id);
	return true;
}

async function namesIn(folder: string): Promise<string[]> {
	return readdir(folder).catch(() => []);
}
