import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase, createPool, type Database, listen, notify } from "../src";
import { createTestDatabase, type TestDatabase } from "../src/testing";

describe("listen", () => {
	let database: TestDatabase;
	let db: Database;

	beforeAll(async () => {
		database = await createTestDatabase();
		db = createDatabase(database.url);
	}, 60_000);
	afterAll(async () => {
		await db?.$disconnect();
		await database?.drop();
	});

	it("hears its own channel only, and nothing once closed", async () => {
		const heard: string[] = [];
		const listener = await listen(database.url, "cancel", (payload) => heard.push(payload));
		await notify(db, "other", "no");
		await notify(db, "cancel", "stage 1");
		await expect.poll(() => heard).toEqual(["stage 1"]);
		await listener.close();
		await notify(db, "cancel", "stage 2");
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(heard).toEqual(["stage 1"]);
	});

	it("hears again after its connection was cut, and says so", async () => {
		const heard: string[] = [];
		let connections = 0;
		const listener = await listen(
			database.url,
			"cut",
			(payload) => heard.push(payload),
			() => {
				connections += 1;
			},
		);
		const pool = createPool(database.url);
		await pool.query(
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN \"cut\"' AND datname = current_database()",
		);
		await pool.end();
		await expect.poll(() => connections, { timeout: 5_000 }).toBe(2);
		await notify(db, "cut", "back");
		await expect.poll(() => heard).toEqual(["back"]);
		await listener.close();
	});
});
