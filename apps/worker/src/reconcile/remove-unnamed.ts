import { parseRef, type Ref } from "@atelier/store";
import type { WorkerContext } from "../worker-context";

/** Keys asked for in one query. */
const PORTION = 1_000;

/**
 * Removes the files of datasets and stages that no row names any more. A store belongs to the record that first used
 * it; with another record (a `DATABASE_URL` that was changed) nothing is removed, since all of it would look unnamed.
 */
export async function removeUnnamed(worker: WorkerContext): Promise<void> {
	const { db, store } = worker;
	if (!(await isOwnStore(worker))) return;
	// Files first, rows second: what appears in between is in the rows. Files of an import come before its row is ready.
	const datasets = await collect(store.list("datasets/"));
	const attempts = await collect(store.list("stages/"));
	if ((await db.dataset.count({ where: { status: "importing" } })) > 0) return;
	await removeUnless(worker, datasets, async (ids) => {
		const rows = await db.dataset.findMany({ where: { id: { in: ids } }, select: { id: true } });
		return rows.map(({ id }) => id);
	});
	await removeUnless(worker, attempts, async (keys) => {
		const rows = await db.stage.findMany({ where: { key: { in: keys } }, select: { key: true } });
		return rows.map(({ key }) => key);
	});
	await removeInboxes(worker);
}

/** Of attempts that have ended: what a fenced one wrote after that, and what a worker that died left. */
async function removeInboxes({ db, store }: WorkerContext): Promise<void> {
	for await (const id of store.inboxes()) {
		const attempt = await db.attempt.findUnique({ where: { id }, select: { status: true } });
		if (attempt?.status !== "running") await store.inbox(id)?.remove();
	}
}

/** Attempts of a stage that the record knows all stay: which of them counts is the stage's to say. */
async function removeUnless(
	{ store, log }: WorkerContext,
	refs: readonly Ref[],
	known: (ids: string[]) => Promise<string[]>,
): Promise<void> {
	const ids = [...new Set(refs.map(idOf))];
	const named = new Set<string>();
	for (let from = 0; from < ids.length; from += PORTION) {
		for (const id of await known(ids.slice(from, from + PORTION))) named.add(id);
	}
	for (const ref of refs.filter((one) => !named.has(idOf(one)))) {
		log(`removing ${ref} from ${store.place}: no row names it any more`);
		await store.remove(ref);
	}
}

function idOf(ref: Ref): string {
	const parsed = parseRef(ref);
	return parsed.of === "dataset" ? parsed.datasetId : parsed.key;
}

async function isOwnStore({ db, store }: WorkerContext): Promise<boolean> {
	// Made at random when a database is first migrated, and never changed.
	const [record] = await db.$queryRaw<{ id: string }[]>`
		SELECT id FROM _prisma_migrations ORDER BY started_at, migration_name LIMIT 1`;
	return record !== undefined && store.isOwnedBy(record.id);
}

async function collect(refs: AsyncIterable<Ref>): Promise<Ref[]> {
	const all: Ref[] = [];
	for await (const ref of refs) all.push(ref);
	return all;
}
