import { createPool } from "@atelier/db";
import { computeContrast } from "@atelier/jobs";
import { serveOrders } from "../threads/serve-orders";

export interface ContrastOrder {
	databaseUrl: string;
	key: string;
}

serveOrders<ContrastOrder>(async ({ databaseUrl, key }) => {
	const pool = createPool(databaseUrl, { connections: 1 });
	try {
		return await computeContrast(pool, key);
	} finally {
		await pool.end();
	}
});
