// WebAssembly is declared there and nowhere else.
/// <reference lib="dom" />
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as glue from "@prisma/schema-engine-wasm/schema_engine_bg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createPool } from "../src";
import { ensureDatabase } from "../src/migrate";
import { createTestDatabase, type TestDatabase } from "../src/testing";

const schemaFile = fileURLToPath(new URL("../../../prisma/schema.prisma", import.meta.url));

let migrated: TestDatabase;
let emptyUrl: string;

beforeAll(async () => {
	migrated = await createTestDatabase();
	emptyUrl = await ensureDatabase(migrated.url, `${new URL(migrated.url).pathname.slice(1)}_schema`);
});
afterAll(async () => {
	const pool = createPool(migrated.url);
	await pool.query(`DROP DATABASE IF EXISTS "${new URL(emptyUrl).pathname.slice(1)}" WITH (FORCE)`);
	await pool.end();
	await migrated.drop();
});

it("the migrations make the very database that the Prisma schema describes", async () => {
	const pool = createPool(emptyUrl);
	await pool.query('CREATE EXTENSION "vector"');
	await pool.query(await sqlOfSchema(emptyUrl));
	await pool.end();
	const described = await catalogueOf(emptyUrl);
	expect(described.length).toBeGreaterThan(100);
	expect(await catalogueOf(migrated.url)).toEqual(described);
});

/** The SQL that Prisma's own engine makes of the schema; its WebAssembly build is undocumented, and used only here. */
async function sqlOfSchema(url: string): Promise<string> {
	const wasm = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
	const module = await WebAssembly.compile(await readFile(wasm.replace(/\.js$/, ".wasm")));
	const { exports } = await WebAssembly.instantiate(module, { "./schema_engine_bg.js": { ...glue } });
	glue.__wbg_set_wasm(exports);
	if (typeof exports.__wbindgen_start === "function") exports.__wbindgen_start();
	const schema = { path: schemaFile, content: await readFile(schemaFile, "utf8") };
	const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url }));
	const engine = await glue.SchemaEngine.new({ datamodels: [[schema.path, schema.content]] }, () => {}, adapter);
	const { stdout } = await engine.diff({
		from: { tag: "empty" },
		to: { tag: "schemaDatamodel", files: [schema] },
		script: true,
		exitCode: null,
		filters: { externalTables: [], externalEnums: [] },
	});
	engine.free();
	if (!stdout) throw new Error("The schema engine made no SQL of the schema");
	return stdout;
}

/** Columns, indexes, constraints and enums of a database, a line each. */
async function catalogueOf(url: string): Promise<string[]> {
	const pool = createPool(url);
	const { rows } = await pool.query<{ line: string }>(`
		SELECT format('column %s.%s %s %s default %s', table_name, column_name, udt_name, is_nullable, column_default) AS line
		FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
		UNION ALL
		SELECT format('index %s', indexdef) FROM pg_indexes
		WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
		UNION ALL
		SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
		WHERE connamespace = 'public'::regnamespace AND conrelid <> coalesce(to_regclass('_prisma_migrations'), 0)
		UNION ALL
		SELECT format('enum %s %s', enumtypid::regtype, string_agg(enumlabel, ',' ORDER BY enumsortorder)) FROM pg_enum
		GROUP BY enumtypid
		ORDER BY 1`);
	await pool.end();
	return rows.map(({ line }) => line);
}
