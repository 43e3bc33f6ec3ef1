import { createPool } from "@atelier/db";
import { type AnswerTable, computeContrast, computeSlice, showSlice } from "@atelier/jobs";
import { serveOrders } from "../threads/serve-orders";

export interface AnswerOrder {
	databaseUrl: string;
	table: AnswerTable;
	key: string;
}

serveOrders<AnswerOrder>(async ({ databaseUrl, table, key }) => {
	const pool = createPool(databaseUrl, { connections: 1 });
	try {
		if (table === "contrast") return await computeContrast(pool, key);
		return await computeSlice(pool, key, (part) => showSlice(pool, key, part));
	} finally {
		await pool.end();
	}
});
