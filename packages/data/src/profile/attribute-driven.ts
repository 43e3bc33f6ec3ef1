import { z } from "zod";
import type { DuckDb } from "../duckdb";
import { text } from "../sql";
import { type DatasetCharacteristics, unavailable } from "./characteristics-schema";
import { demandByMonth } from "./lift";
import type { LogTables } from "./log-tables";

const ATTRIBUTES = ["season", "occasion", "holiday"] as const;

const monthRow = z.object({ month: z.number(), purchases: z.number() });
const valueRow = monthRow.extend({ value: z.string() });

/** C3 of the paper: purchases by month of the year against the season, occasion and holiday of the item bought. */
export async function measureAttributeDriven(
	db: DuckDb,
	{ items }: LogTables,
): Promise<DatasetCharacteristics["attributeDriven"]> {
	const months = await db.all(
		monthRow,
		`SELECT month("at") AS month, count(*) AS purchases FROM purchases WHERE "at" IS NOT NULL GROUP BY month ORDER BY month`,
	);
	if (months.length === 0) return unavailable("no purchase has a time.");
	if (months.length === 1) return unavailable("all purchases fall in one month of the year.");
	const measured = [];
	const missing: string[] = [];
	for (const attribute of ATTRIBUTES) {
		// An attribute may hold several values, separated by commas (`Work, Party`); a purchase counts once for each.
		await db.run(`CREATE OR REPLACE TEMP TABLE valued AS
			SELECT month(p."at") AS month, p.user_id, p.ord, v.value FROM purchases p JOIN (
				SELECT DISTINCT item_id, trim(value) AS value FROM (
					SELECT item_id, unnest(string_split(json_extract_string(attributes, ${text(`$.${attribute}`)}), ',')) AS value
					FROM ${items} WHERE item_id IN (SELECT item_id FROM purchases))
				WHERE trim(value) <> '') v USING (item_id)
			WHERE p."at" IS NOT NULL`);
		const counts = await db.all(valueRow, "SELECT value, month, count(*) AS purchases FROM valued GROUP BY ALL");
		const { covered } = await db.one(
			z.object({ covered: z.number() }),
			"SELECT count(DISTINCT (user_id, ord)) AS covered FROM valued",
		);
		if (counts.length === 0) missing.push(attribute);
		else measured.push(demandByMonth(attribute, months, counts, covered));
	}
	if (measured.length === 0) return unavailable("no item that was bought has a season, an occasion or a holiday.");
	return { available: true, months, attributes: measured, missing };
}
