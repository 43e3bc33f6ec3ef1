import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@atelier/core";
import { text } from "../sql";

/** `read_parquet('…')` of a file in a folder. @throws AppError BAD_DATA when folder or file is not there. */
export function parquet(folder: string | undefined, name: string): string {
	const file = folder === undefined ? undefined : join(folder, name);
	if (file === undefined || !existsSync(file)) {
		throw new AppError("BAD_DATA", `${file ?? name} is missing; what writes it did not finish.`);
	}
	return `read_parquet(${text(file)})`;
}
