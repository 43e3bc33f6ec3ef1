import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import pg from "pg";
import { countRows } from "./backup.mjs";
import { extractFrom, RECORD, readManifest, verifyArchive } from "./backup-archive.mjs";
import { checkDisk, checkWritable } from "./checks.mjs";
import { Failure } from "./failure.mjs";
import { home, inHome, root } from "./paths.mjs";
import { pgEnvironment } from "./pg-environment.mjs";
import { postgresPlace } from "./postgres-binaries.mjs";
import { keepPrivate } from "./private-files.mjs";
import { prepareRecord } from "./record.mjs";
import { checkProgram, openRecord } from "./record-access.mjs";
import { halfRestored, RESTORING } from "./restoring.mjs";
import { runOrFail } from "./run.mjs";
import { takeStartLock } from "./start-lock.mjs";
import { percent, step } from "./steps.mjs";

/**
 * `npx atelier restore FILE`: a backup into an empty data folder. The archive is read and checked to its last byte first.
 * A restore that does not come to its end leaves a mark, with which nothing starts, and the next restore begins anew.
 *
 * @param {{ file: string }} options
 */
export async function restore({ file }) {
	const archive = resolve(file);
	if (!existsSync(archive)) throw new Failure(`There is no file ${archive}.`);
	checkWritable();
	refuseUsed();
	const manifest = await step("Reading the archive", async () => {
		const manifest = await readManifest(archive);
		refuseNewer(manifest);
		await verifyArchive(archive, manifest, percent("Reading the archive"));
		return { result: manifest, note: `of ${manifest.madeAt}, all checksums agree` };
	});
	checkDisk();
	if (process.env.DATABASE_URL) await refuseUsedDatabase(process.env.DATABASE_URL);
	keepPrivate(home);
	const lock = takeStartLock();
	try {
		const mark = inHome(RESTORING);
		if (halfRestored()) removeHalf();
		writeFileSync(mark, JSON.stringify({ archive }));
		await fill(archive, manifest);
		rmSync(mark);
	} finally {
		lock.release();
	}
	const stages = manifest.rows.stage ?? 0;
	const without = `The store is not in this backup: results, prompts and predictions are all there, and what new runs need of ${stages} stages is made again. Datasets have to be imported again for that.`;
	console.log(`\nRestored into ${home}. npm start brings it up; sign in with the link that it prints.`);
	const bucket = process.env.ATELIER_STORE;
	if (bucket && manifest.withStore) {
		console.log(
			`The store of the backup is in ${inHome("store")}: npx atelier store copy --from ${inHome("store")} --to ${bucket}`,
		);
	} else if (bucket) console.log(`The store is ${bucket}, as it is.`);
	else if (!manifest.withStore) console.log(without);
}

/** @param {string} archive @param {import("./backup-archive.mjs").Manifest} manifest */
async function fill(archive, manifest) {
	const record = await step("Starting Postgres", async () => ({ result: await openRecord() }));
	const work = inHome("tmp", "restore");
	try {
		const url = await prepareRecord(record);
		if (!record.own) await withClient(url, (client) => client.query("CREATE EXTENSION IF NOT EXISTS vector"));
		const program = record.program("pg_restore");
		checkProgram(program, manifest.postgres);
		await step("Restoring the record", async () => {
			mkdirSync(work, { recursive: true });
			await extractFrom(archive, work, manifest, [RECORD]);
			const args = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"];
			const database = new URL(url).pathname.slice(1);
			await runOrFail(
				"restore the record",
				program,
				[...args, `--dbname=${decodeURIComponent(database)}`, join(work, RECORD)],
				{
					env: pgEnvironment(url),
				},
			);
			await compareRows(url, manifest);
			return { result: null, note: `${Object.values(manifest.rows).reduce((sum, rows) => sum + rows, 0)} rows` };
		});
		if (manifest.withStore && manifest.members.length > 1) {
			await step("Restoring the store", async () => {
				await extractFrom(archive, home, manifest, ["store"]);
				return { result: null, note: `${manifest.members.length - 1} files` };
			});
		}
	} finally {
		rmSync(work, { recursive: true, force: true });
		await record.close();
	}
}

/** @throws {Failure} unless the data folder is empty, or holds only what an interrupted restore left */
function refuseUsed() {
	if (halfRestored()) return;
	const used = ["postgres/data", "store"].filter((name) => {
		const folder =
			name === "store"
				? join(home, name)
				: join(
						postgresPlace(home, () => {}),
						name,
					);
		return existsSync(folder) && readdirSync(folder).length > 0;
	});
	if (used.length === 0) return;
	throw new Failure(
		`${home} is in use (it has ${used.join(" and ")}): a backup goes into an empty data folder. Name another with ATELIER_HOME, or move this one away. Nothing was changed.`,
	);
}

function removeHalf() {
	for (const folder of [
		join(home, "store"),
		join(
			postgresPlace(home, () => {}),
			"postgres",
		),
	]) {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** @param {import("./backup-archive.mjs").Manifest} manifest */
function refuseNewer({ migrations, atelier }) {
	const known = new Set(readdirSync(join(root, "prisma", "migrations")));
	const unknown = migrations.find((name) => !known.has(name));
	if (unknown === undefined) return;
	throw new Failure(
		`The backup was made by a newer Atelier (${atelier}, with ${unknown}): update this checkout first. Nothing was changed.`,
	);
}

/** @param {string} url */
async function refuseUsedDatabase(url) {
	const tables = await withClient(url, async (client) => {
		const { rows } = await client.query("SELECT count(*)::int AS count FROM pg_tables WHERE schemaname = 'public'");
		return rows[0].count;
	});
	if (tables > 0)
		throw new Failure(
			"The database of DATABASE_URL has tables already: a backup goes into an empty one. Nothing was changed.",
		);
}

/** @param {string} url @param {import("./backup-archive.mjs").Manifest} manifest */
async function compareRows(url, { rows: wanted }) {
	const found = await withClient(url, countRows);
	const differing = Object.keys(wanted).filter((table) => found[table] !== wanted[table]);
	if (differing.length > 0) throw new Failure(`The restored record differs in ${differing.join(", ")}.`);
}

/**
 * @template Result
 * @param {string} url @param {(client: pg.Client) => Promise<Result>} work
 */
async function withClient(url, work) {
	const client = new pg.Client({ connectionString: url });
	// A server that ends between two queries fails the next one, not this process.
	client.on("error", () => {});
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}
