import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDuckDb, profileDataset } from "../../src";
import { emptyStore, folderWith, importInto, lines, logOf, quarantineOf, tableRows } from "./fixture";

const ITEMS = lines(
	"item_id,title,material,brand,category,price,family,launched_at",
	'a,"Red ""big"" bag, lined",leather,Acme,bags,10.5,f1,2023-05-01',
	"b,Blue shoe,,,shoes,,,",
	"c,Green  hat,wool,Acme,hats,,,",
);
const INTERACTIONS = lines(
	"user_id,action,item_id,query,timestamp",
	"u1,purchase,a,,2024-01-01T12:00:00+02:00",
	"u1,search,,red bag,1704102000",
	"u1,click,b,ignored,1704102600000",
	"u2,click,c,,2024-01-02 08:00:00",
	"u2,purchase,a,,2024-01-02 08:00:00",
);
const EXPOSURES = lines(
	"query,item_id,position,timestamp,user_id",
	"red bag,b,1,1704102000,u1",
	"red bag,a,2,1704102000,nobody",
);

describe("the canonical format", () => {
	it("orders a user's events by time, then by their place in the file", async () => {
		const path = await folderWith({ "items.csv": ITEMS, "interactions.csv": INTERACTIONS });
		const outcome = await importInto(await emptyStore(), { path, format: "atelier" });
		expect(await logOf(outcome, "u1")).toEqual(['search "red bag"', "click b", "purchase a"]);
		expect(await logOf(outcome, "u2")).toEqual(["click c", "purchase a"]);
		const times = (await tableRows(outcome, "interactions", "user_key, ord")).map((row) => row.at);
		expect(times.slice(0, 3)).toEqual([
			new Date("2024-01-01T09:40:00Z"),
			new Date("2024-01-01T09:50:00Z"),
			new Date("2024-01-01T10:00:00Z"),
		]);
		expect(outcome.manifest.hasTimes).toBe(true);
	});

	it("keeps attributes in the paper's order, then the file's others, and leaves empty ones out", async () => {
		const path = await folderWith({ "items.csv": ITEMS, "interactions.csv": INTERACTIONS });
		const outcome = await importInto(await emptyStore(), { path, format: "atelier" });
		expect(await tableRows(outcome, "items", "item_key")).toMatchObject([
			{
				item_key: "a",
				title: 'Red "big" bag, lined',
				attributes: '{"category":"bags","brand":"Acme","material":"leather"}',
				price: 10.5,
				family: "f1",
				launched_at: new Date("2023-05-01T00:00:00Z"),
			},
			{ item_key: "b", attributes: '{"category":"shoes"}', price: null, family: null, launched_at: null },
			{ item_key: "c", title: "Green hat", attributes: '{"category":"hats","brand":"Acme","material":"wool"}' },
		]);
	});

	it("numbers items from 1 in an order that does not follow the file", async () => {
		const keys = Array.from({ length: 50 }, (_, index) => `item${String(index).padStart(2, "0")}`);
		const path = await folderWith({
			"items.csv": lines("item_id,title", ...keys.map((key) => `${key},t`)),
			"interactions.csv": lines("user_id,action,item_id", "u,purchase,item00"),
		});
		const outcome = await importInto(await emptyStore(), { path, format: "atelier" });
		const rows = await tableRows(outcome, "items", "item_key");
		const ids = rows.map((row) => Number(row.item_id));
		expect([...ids].sort((x, y) => x - y)).toEqual(keys.map((_, index) => index + 1));
		const ascending = ids.filter((id, index) => id > (ids[index - 1] ?? 0)).length;
		expect(ascending).toBeLessThan(40);
	});

	it("keeps organic positions, and no user for an exposure to someone who never interacted", async () => {
		const path = await folderWith({ "items.csv": ITEMS, "interactions.csv": INTERACTIONS, "exposures.csv": EXPOSURES });
		const outcome = await importInto(await emptyStore(), { path, format: "atelier" });
		const users = await tableRows(outcome, "interactions", "user_key");
		const exposures = await tableRows(outcome, "exposures", "position");
		expect(exposures.map((row) => [row.query, row.position, row.user_id])).toEqual([
			["red bag", 1, users[0]?.user_id],
			["red bag", 2, null],
		]);
	});

	it("gives the same tables from CSV, gzip, JSONL and Parquet", async () => {
		const csv = await folderWith({ "items.csv": ITEMS, "interactions.csv": INTERACTIONS });
		const gz = await folderWith({ "items.csv.gz": ITEMS, "interactions.csv.gz": INTERACTIONS });
		const others = await folderWith({});
		const db = await openDuckDb();
		const read = (name: string) => `FROM read_csv('${join(csv, name)}.csv', all_varchar = true)`;
		await db.run(
			`COPY (SELECT * ${read("items")}) TO '${join(others, "items.jsonl.gz")}' (FORMAT json, COMPRESSION gzip)`,
		);
		await db.run(
			`COPY (SELECT * ${read("interactions")}) TO '${join(others, "interactions.parquet")}' (FORMAT parquet)`,
		);
		db.close();
		const expected = await importInto(await emptyStore(), { path: csv, format: "atelier" });
		for (const path of [gz, others]) {
			const outcome = await importInto(await emptyStore(), { path, format: "atelier" });
			expect(await tableRows(outcome, "items", "item_id")).toEqual(await tableRows(expected, "items", "item_id"));
			expect(await tableRows(outcome, "interactions", "user_id, ord")).toEqual(
				await tableRows(expected, "interactions", "user_id, ord"),
			);
		}
	});

	it("does nothing when the same bytes come again", async () => {
		const path = await folderWith({ "items.csv": ITEMS, "interactions.csv": INTERACTIONS });
		const again = await folderWith({ "items.csv": ITEMS, "interactions.csv": INTERACTIONS });
		const store = await emptyStore();
		const first = await importInto(store, { path, format: "atelier", name: "one" });
		const second = await importInto(store, { path: again, format: "atelier", name: "two" });
		expect(first.alreadyImported).toBe(false);
		expect(second).toEqual({ ...first, alreadyImported: true });
		expect(await readdir(join(store, "datasets"))).toEqual([first.manifest.id]);
	});

	it("gives another dataset when one byte differs", async () => {
		const store = await emptyStore();
		const path = await folderWith({ "items.csv": ITEMS, "interactions.csv": INTERACTIONS });
		const other = await folderWith({ "items.csv": ITEMS.replace("wool", "felt"), "interactions.csv": INTERACTIONS });
		const first = await importInto(store, { path, format: "atelier" });
		const second = await importInto(store, { path: other, format: "atelier" });
		expect(second.manifest.id).not.toBe(first.manifest.id);
	});

	it("quarantines each bad row under its line and reason, and imports the rest", async () => {
		const path = await folderWith({
			"items.csv": lines("item_id,title,price", "a,Bag,1", "b,,1", "a,Again,1", ",Nameless,1", "d,Shoe,cheap"),
			"interactions.csv.gz": lines(
				"user_id,action,item_id,query,timestamp",
				"u,purchase,a,,1704102000",
				",purchase,a,,1704102000",
				"u,hover,a,,1704102000",
				"u,search,,,1704102000",
				"u,click,,,1704102000",
				"u,click,zz,,1704102000",
				"u,click,b,,1704102000",
				"u,click,a,,yesterday",
				"u,click,a,,",
				"u,click,a",
			),
			"exposures.csv": lines("query,item_id,position", "bag,a,1", "bag,a,first", ",a,1", "bag,zz,2"),
		});
		const outcome = await importInto(await emptyStore(), { path, format: "atelier", maxRejectedShare: 1 });
		expect(outcome.manifest.warnedByReason).toEqual({ "price is not one amount and is left empty": 1 });
		expect(await quarantineOf(outcome)).toEqual([
			"items.csv:3 title is missing",
			"items.csv:4 item_id is there before; the first is kept",
			"items.csv:5 item_id is missing",
			"interactions.csv.gz:3 user_id is missing",
			"interactions.csv.gz:4 action is not search, click or purchase",
			"interactions.csv.gz:5 search without a query",
			"interactions.csv.gz:6 item_id is missing",
			"interactions.csv.gz:7 item_id is not in the item file",
			"interactions.csv.gz:8 its item was rejected",
			"interactions.csv.gz:9 timestamp is not understood",
			"interactions.csv.gz:10 timestamp is missing",
			"interactions.csv.gz:11 too few fields",
			"exposures.csv:3 position is not a number from 1",
			"exposures.csv:4 query is missing",
			"exposures.csv:5 item_id is not in the item file",
		]);
		expect(await logOf(outcome, "u")).toEqual(["purchase a"]);
		expect(outcome.manifest.counts).toMatchObject({ items: 2, purchases: 1, exposures: 1, rejected: 15 });
	});

	it("profiles a dataset by the columns of Table 1", async () => {
		const path = await folderWith({ "items.csv": ITEMS, "interactions.csv": INTERACTIONS });
		const outcome = await importInto(await emptyStore(), { path, format: "atelier" });
		expect(await profileDataset(outcome.path)).toEqual({
			users: 2,
			items: 3,
			interactions: 5,
			averageLength: 2.5,
			density: 5 / 6,
			searches: 1,
			clicks: 2,
			purchases: 2,
			exposures: 0,
			distinctQueries: 1,
			itemsInteracted: 3,
			itemsPerUser: 2,
			interactionsPerItem: 4 / 3,
			clicksPerPurchase: 1,
			usersWithTest: 0,
			firstAt: new Date("2024-01-01T09:40:00Z"),
			lastAt: new Date("2024-01-02T08:00:00Z"),
		});
	});
});
