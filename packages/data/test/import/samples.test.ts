import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { emptyStore, importInto, tableRows } from "./fixture";

/** What the console offers for download beside its import form. */
const SAMPLES = resolve(import.meta.dirname, "../../../../public/samples");

it.each([
	["atelier", { path: join(SAMPLES, "atelier"), format: "atelier" as const }, 12],
	[
		"mapping",
		{ path: join(SAMPLES, "mapping"), format: "mapping" as const, mapping: join(SAMPLES, "mapping", "mapping.yaml") },
		12,
	],
	["sequences", { path: join(SAMPLES, "sequences.txt"), format: "sequences" as const }, 10],
])("the sample for the format %s is imported whole", async (_, request, items) => {
	const outcome = await importInto(await emptyStore(), request);
	expect((await tableRows(outcome, "items")).length).toBeGreaterThanOrEqual(items);
	const log = await tableRows(outcome, "interactions");
	expect(log.filter(({ action }) => action === "purchase")).toHaveLength(36);
	expect(new Set(log.map((row) => row.user_key)).size).toBe(12);
	expect(await tableRows(outcome, "items", "item_id")).not.toHaveLength(0);
});
