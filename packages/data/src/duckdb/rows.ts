import { AppError } from "@atelier/core";
import type { JS } from "@duckdb/node-api";
import type { z } from "zod";

export type DuckDbValue =
	| null
	| boolean
	| number
	| string
	| Date
	| Uint8Array
	| DuckDbValue[]
	| { [key: string]: DuckDbValue };
export type DuckDbRow = Record<string, DuckDbValue>;

/** A row by the names of its columns, with numbers for 64-bit integers (they are counts and ids here). */
export function plainRow(columns: readonly string[], values: readonly JS[]): DuckDbRow {
	const row: DuckDbRow = {};
	for (const [index, column] of columns.entries()) row[column] = plainValue(values[index] ?? null);
	return row;
}

function plainValue(value: JS): DuckDbValue {
	if (typeof value === "bigint") return Number(value);
	if (Array.isArray(value)) return value.map(plainValue);
	if (value === null || typeof value !== "object" || value instanceof Date || value instanceof Uint8Array) return value;
	return plainRow(Object.keys(value), Object.values(value));
}

/** @throws AppError BAD_DATA naming the column and the row where it is not what `schema` says. */
export function checkedRow<T>(schema: z.ZodType<T>, row: DuckDbRow): T {
	const parsed = schema.safeParse(row);
	if (parsed.success) return parsed.data;
	const problem = parsed.error.issues[0];
	throw new AppError(
		"BAD_DATA",
		`A row is not what the contract says: ${problem?.path.join(".")}: ${problem?.message} in ${JSON.stringify(row).slice(0, 200)}`,
	);
}
