import { canonicalJson } from "@atelier/core";
import type { Database, Prisma } from "@atelier/db";
import { z } from "zod";

const counts = z.object({ searches: z.number(), clicks: z.number(), purchases: z.number() });
/** A stage, planned or recorded. */
export interface StageToEstimate {
	key: string;
	kind: string;
	params: unknown;
	inputs: unknown;
	datasetId: string;
}

/** The record, or a transaction on it. */
type Target = Database | Prisma.TransactionClient;

/** Measurements of one kind that are looked at, newest first. */
const NEWEST = 20;

interface Measured {
	kind: string;
	/** The host that it was looked for on; null for any. */
	host: string | null;
	params: unknown;
	/** What its speed depends on besides its parameters: {@link modelOf} and the base model that it works with. */
	model: string;
	durationMs: number;
	interactions: number | null;
}

/**
 * How long stages should take, in milliseconds, from stages of the same kind that have succeeded here: those with equal
 * parameters if there are any, else those of the same model (a baseline's own, or the base model that is trained or
 * asked), scaled by the datasets' interactions. The median of what was measured; null for what never was.
 *
 * @param hostOf the host that a stage will run on, whose measurements alone count then: another machine's speed says
 * nothing. Those of all hosts count where it is not known.
 */
export async function estimateDurations(
	db: Target,
	stages: readonly StageToEstimate[],
	hostOf: (stage: StageToEstimate) => string | null = () => null,
): Promise<Map<string, number | null>> {
	const wanted = new Map(stages.map((stage) => [JSON.stringify([stage.kind, hostOf(stage)]), stage]));
	const [datasets, ...past] = await Promise.all([
		db.dataset.findMany({ select: { id: true, counts: true } }),
		...[...wanted.values()].map((stage) => measuredStages(db, stage.kind, hostOf(stage))),
	]);
	const baseModels = await baseModelsOf(db, stages, past.flat());
	const sizes = new Map(datasets.map(({ id, counts: stored }) => [id, interactionsOf(stored)]));
	const measured = past.flat().map(
		({ kind, params, inputs, durationMs, datasetId, host }): Measured => ({
			kind,
			host,
			params,
			model: canonicalJson([modelOf(params), baseModels(inputs)]),
			durationMs: durationMs ?? 0,
			interactions: sizes.get(datasetId) ?? null,
		}),
	);
	return new Map(
		stages.map((stage) => {
			const own = canonicalJson([modelOf(stage.params), baseModels(stage.inputs)]);
			const alike = measured.filter(
				({ kind, model, host }) => kind === stage.kind && host === hostOf(stage) && model === own,
			);
			return [stage.key, estimate(stage, sizes.get(stage.datasetId) ?? null, alike)];
		}),
	);
}

async function measuredStages(db: Target, kind: string, host: string | null) {
	const onHost = host === null ? {} : { attempts: { some: { status: "succeeded" as const, host } } };
	const rows = await db.stage.findMany({
		where: { kind, status: "succeeded", durationMs: { not: null }, ...onHost },
		orderBy: { finishedAt: "desc" },
		take: NEWEST,
		select: { kind: true, params: true, inputs: true, durationMs: true, datasetId: true },
	});
	return rows.map((row) => ({ ...row, host }));
}

/** Finds the base model of a stage by its inputs, null where it has none. */
async function baseModelsOf(db: Target, planned: readonly StageToEstimate[], past: readonly { inputs: unknown }[]) {
	const keyOf = (inputs: unknown) => z.object({ baseModel: z.string() }).safeParse(inputs).data?.baseModel;
	const keys = [...planned, ...past].flatMap(({ inputs }) => keyOf(inputs) ?? []);
	const stored = await db.stage.findMany({ where: { key: { in: keys } }, select: { key: true, params: true } });
	const words = new Map([...stored, ...planned].map(({ key, params }) => [key, baseModelOf(params)]));
	return (inputs: unknown) => words.get(keyOf(inputs) ?? "") ?? null;
}

/** What a base model's speed depends on. */
function baseModelOf(params: unknown): string {
	const shape = z.object({
		source: z.string(),
		model: z.string().nullable(),
		hiddenSize: z.number(),
		layers: z.number(),
	});
	return canonicalJson(shape.safeParse(params).data ?? null);
}

function estimate(stage: StageToEstimate, interactions: number | null, alike: readonly Measured[]): number | null {
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
function modelOf(params: unknown): string | null {
	const parsed = z.object({ model: z.string().optional(), encoder: z.string().optional() }).safeParse(params);
	return parsed.success ? (parsed.data.model ?? parsed.data.encoder ?? null) : null;
}

function interactionsOf(stored: unknown): number | null {
	const parsed = counts.safeParse(stored);
	return parsed.success ? parsed.data.searches + parsed.data.clicks + parsed.data.purchases : null;
}
