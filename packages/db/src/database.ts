import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "./generated/client";

export type Database = PrismaClient;
export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;

/**
 * The record. Connections are made on first use; `$disconnect()` closes them.
 *
 * @param databaseUrl `postgresql://…`
 * @param options.connections the most connections it may hold
 */
export function createDatabase(databaseUrl: string, options: { connections?: number } = {}): Database {
	return new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max: options.connections ?? 10 }) });
}

/** Plain connections for what Prisma cannot do: COPY, cursors, queues. The caller ends the pool. */
export function createPool(databaseUrl: string, options: { connections?: number } = {}): Pool {
	const pool = new pg.Pool({ connectionString: databaseUrl, max: options.connections ?? 4 });
	// Without a listener an idle connection that the server closes ends the process; the next query reconnects.
	pool.on("error", () => {});
	return pool;
}

/** Runs `work` in one transaction on one connection of the pool: committed when it returns, rolled back when it throws. */
export async function inTransaction<Result>(
	pool: Pool,
	work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
	const client = await pool.connect();
	let broken: Error | undefined;
	try {
		await client.query("BEGIN");
		const result = await work(client);
		await client.query("COMMIT");
		return result;
	} catch (error) {
		await client.query("ROLLBACK").catch((rollbackError: Error) => {
			broken = rollbackError;
		});
		throw error;
	} finally {
		client.release(broken);
	}
}
