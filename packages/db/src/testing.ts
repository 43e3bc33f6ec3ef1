import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { ensureDatabase, migrate, readMigrations } from "./migrate";

export { type Way, wayTo } from "./testing-way";

export interface TestDatabase {
	url: string;
	/** Ends its connections and removes it. */
	drop(): Promise<void>;
}

/**
 * A fresh, migrated database of its own on a real Postgres: the server of the test run (`ATELIER_TEST_DATABASE_URL`, set
 * by `npm test`), or, when a test file is run by itself, one that is started for it and ends with it.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
	const serverUrl = await testServer();
	const template = await templateName();
	const name = `test_${randomBytes(6).toString("hex")}`;
	await onServer(serverUrl, async (client) => {
		// Test files run in parallel: one makes the template while the others wait, and nobody may be connected to it
		// while it is copied (which takes a third of the time of migrating anew).
		await client.query("SELECT pg_advisory_lock(4711)");
		await migrate(await ensureDatabase(serverUrl, template));
		await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
	});
	const url = new URL(serverUrl);
	url.pathname = `/${name}`;
	return {
		url: url.href,
		drop: () => onServer(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
	};
}

let started: Promise<string> | undefined;

function testServer(): Promise<string> {
	const given = process.env.ATELIER_TEST_DATABASE_URL;
	if (given) return Promise.resolve(given);
	started ??= startServer();
	return started;
}

/** The server ends when its standard input closes, so it never outlives this process, however this process ends. */
function startServer(): Promise<string> {
	const script = fileURLToPath(new URL("../../../scripts/test-postgres.mjs", import.meta.url));
	const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"] });
	child.unref();
	unreferencePipes(child);
	return new Promise((resolve, reject) => {
		child.once("error", reject);
		child.once("exit", (code) => reject(new Error(`${script} ended with ${code}`)));
		createInterface({ input: child.stdout }).once("line", (line) => resolve(JSON.parse(line).url));
	});
}

/** Open pipes would keep the test process alive after its last test. */
function unreferencePipes(child: ChildProcess): void {
	for (const stream of [child.stdin, child.stdout]) {
		if (stream && "unref" in stream && typeof stream.unref === "function") stream.unref();
	}
}

/** Named by content: a server that lives on while a migration is edited gets a new template. */
async function templateName(): Promise<string> {
	const migrations = await readMigrations();
	const checksums = migrations.map((migration) => migration.checksum).join();
	return `template_${createHash("sha256").update(checksums).digest("hex").slice(0, 12)}`;
}

async function onServer(serverUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
	const client = new pg.Client({ connectionString: serverUrl });
	await client.connect();
	try {
		await work(client);
	} finally {
		await client.end();
	}
}
