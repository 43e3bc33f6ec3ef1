import { AppError } from "@atelier/core";
import { type ColumnFolders, exampleColumns } from "@atelier/data";
import { createPool } from "@atelier/db";
import { keepExampleColumns, keepSplitSet } from "@atelier/jobs";
import { serveOrders } from "../threads/serve-orders";

export interface ColumnsOrder {
	databaseUrl: string;
	/** Key of the split, and the folders of its files and of its data set's. */
	split: string;
	folders: ColumnFolders;
}

serveOrders<ColumnsOrder>(async ({ databaseUrl, split, folders }) => {
	const pool = createPool(databaseUrl, { connections: 1 });
	try {
		const set = await keepSplitSet(pool, split);
		if (set === null) throw new AppError("NOT_FOUND", `The record holds no test examples of split ${split}.`);
		const columns = await exampleColumns(folders);
		for (const [name, { codes }] of columns) {
			if (codes.length === set.size) continue;
			throw new AppError("BAD_DATA", `Column ${name} has ${codes.length} examples, and split ${split} ${set.size}.`);
		}
		await keepExampleColumns(pool, split, set.setKey, columns);
	} finally {
		await pool.end();
	}
});
