import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createPool, type Pool } from "../src";
import { ensureDatabase, migrate } from "../src/migrate";
import { createTestDatabase, type TestDatabase } from "../src/testing";

const committed = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));

let database: TestDatabase;
let url: string;
let pool: Pool;
let folder: string;

/** A record as it was before its paths were relative. */
beforeAll(async () => {
	database = await createTestDatabase();
	folder = await mkdtemp(join(tmpdir(), "atelier-migrations-"));
	for (const name of ["0001_main_job", "0002_no_llm_generations"]) {
		await cp(join(committed, name), join(folder, name), { recursive: true });
	}
	url = await ensureDatabase(database.url, `${new URL(database.url).pathname.slice(1)}_old`);
	await migrate(url, folder);
	pool = createPool(url);
}, 60_000);
afterAll(async () => {
	await pool?.end();
	await database?.drop();
	await rm(folder, { recursive: true, force: true });
});

it("absolute paths of an older record become relative to the store, whatever folder it was in", async () => {
	const home = "/srv/store/stages/a b/.atelier/store";
	await pool.query(
		`INSERT INTO dataset (id, name, format, request, path) VALUES
			('d', 'd', 'atelier', '{}', '${home}/datasets/d'), ('waiting', 'waiting', 'atelier', '{}', NULL);
		INSERT INTO stage (key, kind, dataset_id, revision, params, seed, inputs, path)
			VALUES ('k', 'split', 'd', 1, '{}', 0, '{}', '${home}/stages/split/k/one');
		INSERT INTO attempt (id, stage_key, number, worker_id, path, lease_until)
			VALUES ('one', 'k', 1, 'w', '${home}/stages/split/k/one', now())`,
	);
	await migrate(url);
	const { rows } = await pool.query(
		"SELECT path FROM dataset UNION ALL SELECT path FROM stage UNION ALL SELECT path FROM attempt ORDER BY path NULLS LAST",
	);
	expect(rows.map(({ path }) => path)).toEqual(["datasets/d", "stages/split/k/one", "stages/split/k/one", null]);
});
