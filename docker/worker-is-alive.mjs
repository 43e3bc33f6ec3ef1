// Healthcheck of the worker's image: whether a worker of this container has told the record lately that it lives.
import { hostname } from "node:os";
import pg from "pg";

const client = new pg.Client({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 4_000 });
try {
	await client.connect();
	const { rowCount } = await client.query(
		"SELECT 1 FROM worker_heartbeat WHERE hostname = $1 AND seen_at > (now() AT TIME ZONE 'UTC') - interval '20 seconds'",
		[hostname()],
	);
	process.exitCode = rowCount ? 0 : 1;
} catch {
	process.exitCode = 1;
} finally {
	await client.end().catch(() => undefined);
}
