import { AppError } from "@atelier/core";
import { z } from "zod";
import { adviceFor } from "./advice";
import type { ImportContext } from "./import-context";
import { shownText } from "./shown-text";

const EXAMPLES = 5;
/** What an interaction is rejected for when the reason stands in the item file. */
const ITS_ITEM = "its item was rejected";

/** Why an import must fail, as text, or null when what was rejected stays within the limit. */
export async function rejectionsPast(context: ImportContext, maxShare: number): Promise<string | null> {
	const shares = await context.db.all(
		z.object({ file: z.number(), rows: z.number(), rejected: z.number() }),
		`SELECT file, rows::BIGINT AS rows, coalesce(rejected, 0) AS rejected
		FROM (SELECT file, sum(rows) AS rows FROM rows_read GROUP BY file)
		LEFT JOIN (SELECT file, count(*) AS rejected FROM quarantine GROUP BY file) USING (file) ORDER BY file`,
	);
	const past = shares.filter(({ rows, rejected }) => rejected > maxShare * rows);
	if (past.length === 0) return null;
	const lines: string[] = [];
	for (const { file, rows, rejected } of past) {
		const percent = ((100 * rejected) / rows).toFixed(1);
		lines.push(
			`${nameOf(context, file)}: ${rejected} of ${rows} rows rejected (${percent} %, allowed are ${100 * maxShare} %):`,
		);
		lines.push(...(await reasonsOf(context, file)));
	}
	return lines.join("\n");
}

/** @throws AppError BAD_DATA when nothing is left to learn from. */
export async function refuseEmpty(context: ImportContext): Promise<void> {
	const { items, interactions } = await context.db.one(
		z.object({ items: z.number(), interactions: z.number() }),
		`SELECT (SELECT count(*) FROM items) AS items, (SELECT count(*) FROM interactions WHERE action <> 'search') AS interactions`,
	);
	const names = context.files.map((file) => file.name).join(", ");
	if (items === 0) throw new AppError("BAD_DATA", `The dataset is empty: ${names} hold no usable item.`);
	if (interactions === 0)
		throw new AppError("BAD_DATA", `The dataset is empty: ${names} hold no usable click or purchase.`);
}

/**
 * Where no item was read and none was rejected either, that is the reason, and not that each event's item is unknown.
 * @throws AppError BAD_DATA
 */
export async function refuseWithoutItems(context: ImportContext): Promise<void> {
	const { isEmpty } = await context.db.one(
		z.object({ isEmpty: z.boolean() }),
		`SELECT (SELECT count(*) FROM items) = 0
			AND (SELECT count(*) FROM quarantine WHERE reason <> 'item_id is not in the item file') = 0 AS "isEmpty"`,
	);
	if (isEmpty) await refuseEmpty(context);
}

async function reasonsOf(context: ImportContext, file: number): Promise<string[]> {
	const reasons = await context.db.all(
		z.object({ reason: z.string(), rows: z.number(), line: z.number(), row: z.string().nullable() }),
		`SELECT reason, count(*) AS rows, min(line) AS line, left(arg_min(row, line), 120) AS row
		FROM quarantine WHERE file = ${file} GROUP BY reason ORDER BY rows DESC, reason LIMIT ${EXAMPLES}`,
	);
	const lines = reasons.map(
		({ reason, rows, line, row }) =>
			`  ${rows} × ${reason}; first on line ${line}: ${shownText(row ?? "")}${adviceFor(reason)}`,
	);
	// The items' own faults explain those of their events.
	if (!reasons.some(({ reason }) => reason === ITS_ITEM)) return lines;
	const others = await context.db.all(
		z.object({ file: z.number() }),
		`SELECT DISTINCT file FROM quarantine WHERE file <> ${file} AND reason <> '${ITS_ITEM}' ORDER BY file LIMIT 1`,
	);
	for (const { file: items } of others) {
		lines.push(`${nameOf(context, items)}, where those items stand:`, ...(await reasonsOf(context, items)));
	}
	return lines;
}

function nameOf(context: ImportContext, file: number): string {
	return context.files[file]?.name ?? `file ${file}`;
}
