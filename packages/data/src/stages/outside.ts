import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@atelier/core";
import { z } from "zod";
import { ranksContent } from "../outside/ranks-content";
import { text } from "../sql";
import { inputFolder, openStageDatabase, type StageContext, type StageResult } from "./context";

/**
 * Takes over ranks that an import has checked, as long as they are still those. Writes `ranks.parquet`, as a baseline does.
 *
 * @throws AppError BAD_DATA where they are not the ones: then the file has to be imported again
 */
export async function runOutsideStage(context: StageContext<"outside">): Promise<StageResult> {
	const { inputs, params, output, report } = context;
	const path = join(output, "ranks.parquet");
	await copyFile(join(inputFolder(inputs, "given"), "ranks.parquet"), path);
	const db = await openStageDatabase(context);
	try {
		const content = await ranksContent(db, path);
		if (content !== params.content) {
			throw new AppError("BAD_DATA", "The ranks of this import were changed since: import the file again.");
		}
		for (const message of params.warnings) report({ type: "warning", payload: { message, code: "outside" } });
		const rows = await db.one(
			z.object({ rows: z.number() }),
			`SELECT count(*) AS rows FROM read_parquet(${text(path)})`,
		);
		return { shoppers: rows.rows };
	} finally {
		db.close();
	}
}
