import { once } from "node:events";
import { finished } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

/**
 * One value of a row. A `Float32Array` is a pgvector, another array a Postgres array, a plain object JSON. JSON that is
 * itself an array or a scalar is handed over as text.
 */
export type CopyValue =
	| string
	| number
	| bigint
	| boolean
	| Date
	| null
	| undefined
	| Float32Array
	| readonly CopyValue[]
	| { readonly [key: string]: unknown };

/** In the order of the columns. */
export type CopyRow = readonly CopyValue[];

/** A pool (the COPY commits by itself) or one connection (it belongs to the caller's transaction). */
export type CopyTarget = pg.Pool | pg.ClientBase;

/** Rows are handed to the socket in pieces of about this size. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * Loads rows with COPY, as fast as Postgres takes them and no faster: rows are drawn only when the last ones have gone.
 * All rows arrive or none: an error in `rows` or in a value leaves the table as it was.
 *
 * @param columns names as in the database (`item_id`, not `itemId`)
 * @returns the number of rows
 */
export async function copyInto(
	target: CopyTarget,
	table: string,
	columns: readonly string[],
	rows: AsyncIterable<CopyRow> | Iterable<CopyRow>,
): Promise<number> {
	if (!(target instanceof pg.Pool)) return copyOn(target, table, columns, rows);
	const client = await target.connect();
	try {
		return await copyOn(client, table, columns, rows);
	} finally {
		client.release();
	}
}

async function copyOn(
	client: pg.ClientBase,
	table: string,
	columns: readonly string[],
	rows: AsyncIterable<CopyRow> | Iterable<CopyRow>,
): Promise<number> {
	const names = columns.map((column) => pg.escapeIdentifier(column)).join(", ");
	const stream = client.query(copyFrom(`COPY ${pg.escapeIdentifier(table)} (${names}) FROM STDIN`));
	const done = finished(stream);
	// Seen below, or by `once` first; without this an early failure would count as unhandled.
	done.catch(() => {});
	let chunk = "";
	let count = 0;
	const send = async () => {
		const text = chunk;
		chunk = "";
		if (!stream.write(text)) await Promise.race([once(stream, "drain"), done]);
	};
	try {
		for await (const row of rows) {
			if (row.length !== columns.length) {
				throw new RangeError(`Row ${count + 1} for ${table} has ${row.length} values for ${columns.length} columns`);
			}
			chunk += `${row.map(toText).join("\t")}\n`;
			count += 1;
			if (chunk.length >= CHUNK_CHARACTERS) await send();
		}
		if (chunk) await send();
		stream.end();
	} catch (error) {
		// Ends the COPY with CopyFail; the connection is usable again once Postgres has answered.
		stream.destroy(error instanceof Error ? error : new Error(String(error)));
	}
	await done;
	return count;
}

/** COPY's text format: tab between values, `\N` for null, backslash before what would be taken for either. */
function toText(value: CopyValue): string {
	if (value === null || value === undefined) return "\\N";
	if (value instanceof Float32Array) return `[${value.join(",")}]`;
	if (Array.isArray(value)) return escapeText(arrayText(value));
	return escapeText(scalarText(value));
}

function scalarText(value: CopyValue): string {
	if (typeof value === "string") return value.includes("\0") ? value.replaceAll("\0", "") : value;
	if (value instanceof Date) return value.toISOString();
	if (typeof value === "object" && value !== null) return JSON.stringify(value).replaceAll("\\u0000", "");
	return String(value);
}

function arrayText(values: readonly CopyValue[]): string {
	const parts = values.map((value) => {
		if (value === null || value === undefined) return "NULL";
		if (Array.isArray(value)) return arrayText(value);
		if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
		return `"${scalarText(value).replace(/["\\]/g, "\\$&")}"`;
	});
	return `{${parts.join(",")}}`;
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function escapeText(text: string): string {
	return text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}
