import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import pg from "pg";
import { digestOf, MANIFEST, RECORD, writeArchive } from "./backup-archive.mjs";
import { Failure } from "./failure.mjs";
import { home, root } from "./paths.mjs";
import { pgEnvironment } from "./pg-environment.mjs";
import { checkProgram, openRecord } from "./record-access.mjs";
import { runOrFail } from "./run.mjs";
import { megabytes, progress, step } from "./steps.mjs";

/** Who is signed in, and one-time links: no business of another installation. */
const LEFT_OUT = ["session", "verification", "worker_heartbeat"];

/**
 * `npx atelier backup FILE`: the record as of one moment, whether Atelier runs or not, and with `--with-store` the files
 * that its stages and datasets name.
 *
 * @param {{ file: string, withStore: boolean }} options
 */
export async function backup({ file, withStore }) {
	const archive = resolve(file);
	if (existsSync(archive)) throw new Failure(`${archive} is there already: name another file, or remove it.`);
	if (!existsSync(dirname(archive))) throw new Failure(`There is no folder ${dirname(archive)}.`);
	const bucket = process.env.ATELIER_STORE;
	if (bucket && withStore) {
		throw new Failure(
			`The store is ${bucket}: it does not go into a backup. Back up the record without --with-store, and copy the bucket with its own tools or npx atelier store copy --to FOLDER.`,
		);
	}
	if (!existsSync(join(home, "store")) && !bucket && !process.env.DATABASE_URL) {
		throw new Failure(`${home} holds no Atelier yet: there is nothing to back up.`);
	}
	process.umask(0o077);
	// Beside the archive: where that fits, this does too, and the last step is a rename.
	const work = mkdtempSync(join(dirname(archive), ".atelier-backup-"));
	try {
		const record = await step("Opening the record", async () => ({ result: await openRecord() }));
		try {
			await write(archive, work, record, withStore);
		} finally {
			await record.close();
		}
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

/** @param {string} archive @param {string} work @param {import("./record-access.mjs").RecordAccess} record @param {boolean} withStore */
async function write(archive, work, record, withStore) {
	const client = new pg.Client({ connectionString: record.databaseUrl });
	// A server that ends between two queries fails the next one, not this process.
	client.on("error", () => {});
	await client.connect();
	try {
		// Dump, row counts and paths are those of one moment.
		await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
		const { rows: about } = await client.query(
			"SELECT pg_export_snapshot() AS snapshot, current_setting('server_version_num')::int / 10000 AS major",
		);
		const { snapshot, major } = about[0];
		const program = record.program("pg_dump");
		checkProgram(program, major);
		const dump = join(work, RECORD);
		await step("Dumping the record", async () => {
			const args = ["--format=custom", "--no-owner", "--no-privileges", `--snapshot=${snapshot}`, `--file=${dump}`];
			const parts = [
				"--exclude-schema=pgboss",
				"--exclude-extension=*",
				...LEFT_OUT.map((name) => `--exclude-table-data=${name}`),
			];
			await runOrFail("dump the record", program, [...args, ...parts], { env: pgEnvironment(record.databaseUrl) });
			return { result: null, note: megabytes(statSync(dump).size) };
		});
		const rows = await countRows(client);
		const { rows: migrations } = await client.query("SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1");
		const files = withStore ? await filesOfStore(client) : [];
		await client.query("COMMIT");
		const members = [{ path: RECORD, ...(await digestOf(dump)) }];
		if (withStore) {
			await progress("Reading the store", files, async (path) => {
				members.push({ path, ...(await digestOf(join(home, path))) });
			});
		}
		const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
		const manifest = {
			...{ backup: 1, madeAt: new Date().toISOString(), atelier: version, postgres: major },
			...{ migrations: migrations.map(({ name }) => name), rows, withStore, members },
		};
		writeFileSync(join(work, MANIFEST), JSON.stringify(manifest));
		writeFileSync(join(work, "first"), `${MANIFEST}\n${RECORD}\n`);
		writeFileSync(join(work, "store"), files.map((path) => `${path}\n`).join(""));
		const draft = join(work, basename(archive));
		await step("Writing the archive", async () => {
			const parts = [{ folder: work, paths: join(work, "first") }];
			await writeArchive(draft, files.length > 0 ? [...parts, { folder: home, paths: join(work, "store") }] : parts);
			renameSync(draft, archive);
			return { result: null, note: megabytes(statSync(archive).size) };
		});
		const kept = withStore
			? `the record and ${files.length} files of the store`
			: process.env.ATELIER_STORE
				? `the record; the store stays in ${process.env.ATELIER_STORE}`
				: "the record, without the store (--with-store)";
		console.log(
			`\n${archive} holds ${kept}. Into an empty data folder: npx atelier restore ${relative(process.cwd(), archive)}`,
		);
	} finally {
		await client.end();
	}
}

/** @param {pg.Client} client @returns {Promise<Record<string, number>>} */
export async function countRows(client) {
	const { rows } = await client.query(
		"SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = 'public' AND relkind = 'r' ORDER BY 1",
	);
	/** @type {Record<string, number>} */
	const counts = {};
	for (const { name } of rows) {
		if (LEFT_OUT.includes(name)) continue;
		const { rows: counted } = await client.query(`SELECT count(*)::int AS count FROM ${pg.escapeIdentifier(name)}`);
		counts[name] = counted[0].count;
	}
	return counts;
}

/** Files below the folders that the record names, relative to the home. @param {pg.Client} client */
async function filesOfStore(client) {
	const { rows } = await client.query(
		`SELECT path FROM stage WHERE status = 'succeeded' AND path IS NOT NULL
		UNION SELECT path FROM dataset WHERE path IS NOT NULL ORDER BY 1`,
	);
	const store = join(home, "store");
	const files = existsSync(join(store, "record-id")) ? ["store/record-id"] : [];
	for (const { path } of rows) {
		const folder = resolve(store, path);
		if (!existsSync(folder)) continue;
		for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
			if (entry.isFile())
				files.push(relative(home, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"));
		}
	}
	return [...new Set(files)];
}
