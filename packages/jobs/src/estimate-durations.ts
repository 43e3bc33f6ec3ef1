import { canonicalJson, type PlannedStage } from "@atelier/core";
import type { Database } from "@atelier/db";
import { z } from "zod";

const counts = z.object({ searches: z.number(), clicks: z.number(), purchases: z.number() });
/** Measurements of one kind that are looked at, newest first. */
const NEWEST = 20;

interface Measured {
	kind: string;
	params: unknown;
	durationMs: number;
	interactions: number | null;
}

/**
 * How long stages should take, in milliseconds, from stages of the same kind that have succeeded here: those with equal
 * parameters if there are any, else (baselines) those of the same model, scaled by the datasets' interactions. The
 * median of what was measured; null for what never was.
 */
export async function estimateDurations(
	db: Database,
	stages: readonly PlannedStage[],
): Promise<Map<string, number | null>> {
	const kinds = [...new Set(stages.map(({ kind }) => kind))];
	const [datasets, ...past] = await Promise.all([
		db.dataset.findMany({ select: { id: true, counts: true } }),
		...kinds.map((kind) =>
			db.stage.findMany({
				where: { kind, status: "succeeded", durationMs: { not: null } },
				orderBy: { finishedAt: "desc" },
				take: NEWEST,
				select: { kind: true, params: true, durationMs: true, datasetId: true },
			}),
		),
	]);
	const sizes = new Map(datasets.map(({ id, counts: stored }) => [id, interactionsOf(stored)]));
	const measured = past.flat().map(
		({ kind, params, durationMs, datasetId }): Measured => ({
			kind,
			params,
			durationMs: durationMs ?? 0,
			interactions: sizes.get(datasetId) ?? null,
		}),
	);
	return new Map(stages.map((stage) => [stage.key, estimate(stage, sizes.get(stage.datasetId) ?? null, measured)]));
}

function estimate(stage: PlannedStage, interactions: number | null, measured: readonly Measured[]): number | null {
	const alike = measured.filter(({ kind, params }) => kind === stage.kind && modelOf(params) === modelOf(stage.params));
	const same = alike.filter(({ params }) => canonicalJson(params) === canonicalJson(stage.params));
	const durations = (same.length > 0 ? same : alike).map((past) =>
		interactions && past.interactions ? (past.durationMs * interactions) / past.interactions : past.durationMs,
	);
	return median(durations);
}

function median(values: readonly number[]): number | null {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted[Math.floor(sorted.length / 2)];
	return middle === undefined ? null : Math.round(middle);
}

/** `sasrec`, `core`, `lstm`, …: kinds that hold several models differ more between these than by any parameter. */
function modelOf(params: unknown): string | undefined {
	const parsed = z.object({ model: z.string().optional(), encoder: z.string().optional() }).safeParse(params);
	return parsed.success ? (parsed.data.model ?? parsed.data.encoder) : undefined;
}

function interactionsOf(stored: unknown): number | null {
	const parsed = counts.safeParse(stored);
	return parsed.success ? parsed.data.searches + parsed.data.clicks + parsed.data.purchases : null;
}
