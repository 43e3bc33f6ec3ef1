import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@atelier/core";

/** `read_parquet('…')` of a file in a folder. @throws AppError BAD_DATA when folder or file is not there. */
export function parquet(folder: string | undefined, name: string): string {
	const path = folder === undefined ? undefined : join(folder, name);
	if (path === undefined || !existsSync(path)) throw new AppError("BAD_DATA", `${path ?? name} is missing.`);
	return `read_parquet('${path.replaceAll("'", "''")}')`;
}

/** Column names quoted for DuckDB, in which `at` and others are words of its own. */
export function columnList(columns: readonly string[]): string {
	return columns.map((column) => `"${column}"`).join(", ");
}
