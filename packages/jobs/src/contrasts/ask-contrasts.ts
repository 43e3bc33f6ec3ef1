import type { Contrast } from "@atelier/core";
import { type Contrast as ContrastRow, type Database, notify } from "@atelier/db";
import { CHANNELS } from "../channels";
import { type ContrastAsk, keyContrast, mirrored } from "./contrast-key";
import { contrastResult } from "./contrast-schemas";

export type { ContrastAsk } from "./contrast-key";
export type { ContrastTerm } from "./contrast-schemas";

/** How far the contrasts that were asked for are. */
export interface Computing {
	done: number;
	total: number;
	/** Why one of them could not be computed, for the minute until that is tried again. */
	failed: string | null;
}

export interface ContrastAnswers {
	/** Null once all are there. */
	computing: Computing | null;
	/**
	 * One for each ask, in their order; null of those whose runs do not share their test examples. Empty while some are
	 * being computed: what is judged together must be there together.
	 */
	contrasts: (Contrast | null)[];
}

/** A failure is told for so long; who asks later has it tried again. */
const FAILURE_TOLD_MS = 60_000;

/**
 * Looks contrasts up, and has a worker compute those that nobody asked for before. Answers at once: who wants to wait
 * asks again.
 */
export async function askContrasts(db: Database, asks: readonly ContrastAsk[]): Promise<ContrastAnswers> {
	if (asks.length === 0) return { computing: null, contrasts: [] };
	const predictions = await predictionNames(db, new Set(asks.flatMap(({ terms }) => terms.map(({ runId }) => runId))));
	const keyed = asks.map((ask) => keyContrast(ask, (runId) => predictions.get(runId) ?? `run ${runId}`));
	const wanted = new Map(keyed.map((one) => [one.key, one.request]));
	const rows = await db.contrast.findMany({ where: { key: { in: [...wanted.keys()] } } });
	const failed = rows.find(isToldFailure);
	const known = new Map(
		rows.filter((row) => row.status !== "failed" || isToldFailure(row)).map((row) => [row.key, row]),
	);
	const missing = [...wanted].filter(([key]) => !known.has(key));
	if (missing.length > 0) {
		await db.contrast.deleteMany({ where: { key: { in: missing.map(([key]) => key) }, status: "failed" } });
		await db.contrast.createMany({ data: missing.map(([key, request]) => ({ key, request })), skipDuplicates: true });
		await notify(db, CHANNELS.contrasts, "");
	}
	const done = rows.filter(({ status }) => status === "succeeded").length;
	if (done < wanted.size) {
		return { computing: { done, total: wanted.size, failed: failed?.error ?? null }, contrasts: [] };
	}
	return {
		computing: null,
		contrasts: keyed.map(({ key, isMirrored }) => {
			const contrast = contrastResult.parse(known.get(key)?.result ?? null);
			return contrast !== null && isMirrored ? mirrored(contrast) : contrast;
		}),
	};
}

function isToldFailure({ status, finishedAt }: ContrastRow): boolean {
	return status === "failed" && Date.now() - (finishedAt?.getTime() ?? 0) < FAILURE_TOLD_MS;
}

/** Run id → the attempt whose predictions it has; runs that share their evaluation share them. */
async function predictionNames(db: Database, runIds: ReadonlySet<string>): Promise<Map<string, string>> {
	const rows = await db.$queryRaw<{ runId: string; attempts: string }[]>`
		SELECT run_stage.run_id AS "runId", string_agg(stage.attempt_id, ' ' ORDER BY stage.key) AS attempts
		FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
		WHERE run_stage.run_id = ANY(${[...runIds]}::text[]) AND stage.kind = 'evaluate' AND stage.attempt_id IS NOT NULL
		GROUP BY run_stage.run_id`;
	return new Map(rows.map(({ runId, attempts }) => [runId, `attempt ${attempts}`]));
}
