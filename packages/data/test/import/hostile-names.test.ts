import { expect, it } from "vitest";
import { emptyStore, folderWith, importInto, lines, tableRows } from "./fixture";

const NAMES = [`a"b`, "c'd", "e; DROP TABLE staged_items; --", "f) AS g, 1 FROM x --", "h\\i", "{j}", "k$1"];

it("column names and values that look like SQL are names and values", async () => {
	const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
	const path = await folderWith({
		"items.csv": lines(
			["item_id", "title", ...NAMES].map(quoted).join(","),
			["x", "Shoe", ...NAMES].map(quoted).join(","),
		),
		"interactions.csv": lines(
			"user_id,action,item_id,query",
			"u,search,,shoe'; DROP TABLE staged_interactions; --",
			"u,purchase,x,",
		),
	});
	const outcome = await importInto(await emptyStore(), { path, format: "atelier", maxRejectedShare: 0 });
	const [item] = await tableRows(outcome, "items");
	expect(JSON.parse(String(item?.attributes))).toEqual(Object.fromEntries(NAMES.map((name) => [name, name])));
	const rows = await tableRows(outcome, "interactions", "ord");
	expect(rows.map((row) => row.query)).toEqual(["shoe'; DROP TABLE staged_interactions; --", null]);
});
