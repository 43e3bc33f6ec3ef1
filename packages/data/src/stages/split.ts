import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError, type StageParams } from "@atelier/core";
import { z } from "zod";
import { inputFolder, openStageDatabase, type StageContext, type StageResult } from "./context";
import { splitTables } from "./split-tables";

const count = z.number();
const summaryRow = z.object({
	/** By time: the moment (UTC) that ends the training part for everyone; null for leave-one-out. */
	trainUntil: z.string().nullable(),
	users: count,
	queries: count,
	events: count,
	trainEvents: count,
	droppedClicks: count,
	trainExamples: count,
	validExamples: count,
	testExamples: count,
	testWithQuery: count,
	coldTest: count,
});

const undatedRow = z.object({ undated: count });

const nothingToTest = ({ protocol, target }: StageParams<"split">) =>
	protocol === "leave-one-out"
		? `No shopper has two ${target === "click" ? "clicks" : "purchases"} with something before the last, so no ${target} can be held out for testing. Import a longer log.`
		: `No ${target} of the log's last tenth has an event before it, so there is nothing to test on. Import a longer log.`;

/**
 * Split of one dataset, by place (paper, section 5.1) or by time, all of it in SQL; `docs/contracts.md` has the rules and
 * `packages/core/src/method/sequence.ts` says the same for one shopper in TypeScript.
 *
 * Writes `queries.parquet`, `events.parquet`, `examples.parquet` and `summary.json`.
 *
 * @throws AppError BAD_DATA when there is nothing to test on, and for a split by time of a log that has events without.
 */
export async function runSplitStage(context: StageContext<"split">): Promise<StageResult> {
	const { output, params, report, seed } = context;
	const tables = splitTables({ dataset: inputFolder(context.inputs, "dataset"), ...params, seed });
	const db = await openStageDatabase(context);
	try {
		if (params.protocol === "by-time") {
			const { undated } = await db.one(undatedRow, tables.undated);
			if (undated > 0) {
				throw new AppError(
					"BAD_DATA",
					`A split by time needs a time for every event, and ${undated} events of this log have none. Use the protocol leave-one-out.`,
				);
			}
		}
		for (const [index, { step, statement }] of tables.statements.entries()) {
			report({ type: "progress", payload: { step, done: index, total: tables.statements.length + 1, unit: "steps" } });
			await db.run(statement);
		}
		const summary = await db.one(summaryRow, tables.summary);
		if (summary.testExamples === 0) {
			throw new AppError("BAD_DATA", nothingToTest(params));
		}
		await db.writeParquet("FROM queries ORDER BY query_id", join(output, "queries.parquet"));
		await db.writeParquet(tables.events, join(output, "events.parquet"));
		await db.writeParquet("FROM examples ORDER BY example_id", join(output, "examples.parquet"));
		const total = tables.statements.length + 1;
		report({ type: "progress", payload: { step: "written", done: total, total, unit: "steps" } });
		await writeFile(join(output, "summary.json"), `${JSON.stringify(summary, null, "\t")}\n`);
		return summary;
	} finally {
		db.close();
	}
}
