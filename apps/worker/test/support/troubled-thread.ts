import { AppError } from "@atelier/core";
import { openDuckDb } from "@atelier/data";
import { serveOrders } from "../../src/threads/serve-orders";

export type Trouble =
	| "none"
	| "bad data"
	| "throws"
	| "exits"
	| "fills its heap"
	| "computes for ever"
	| "queries long";

serveOrders<Trouble>(async (trouble, { signal, onProgress }) => {
	switch (trouble) {
		case "none":
			onProgress(1, 1);
			return;
		case "bad data":
			throw new AppError("BAD_DATA", "items.parquet: no column title.");
		case "throws":
			setTimeout(() => {
				throw new Error("nobody catches this");
			}, 1);
			return new Promise(() => undefined);
		case "exits":
			process.exit(7);
			return;
		case "fills its heap":
			for (const kept: string[][] = []; ; ) kept.push(Array.from({ length: 10_000 }, (_, i) => `${i}`));
		case "computes for ever":
			onProgress(0, 1);
			for (;;) Math.random();
		case "queries long": {
			const db = await openDuckDb({ signal });
			onProgress(0, 1);
			await db.run("SELECT sum(sin(a.range * b.range)) FROM range(1000000) a, range(1000000) b");
		}
	}
});
