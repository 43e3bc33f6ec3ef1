import type { PlannedStage } from "@atelier/core";
import { estimateDurations } from "@atelier/jobs";
import { type HostRow, hostRows } from "../../rows/host-row";
import { procedure } from "../../trpc";
import { launchRequest, resolveLaunch } from "./resolve";
import { repeatedBy, runsUnderWay } from "./under-way";

/** Shown before a launch: which stages are reused, which run, and how long they should take from measured throughput. */
export const plan = procedure.input(launchRequest).query(async ({ ctx, input }) => {
	const { runs: all, preset, suite, skipped, places } = await resolveLaunch(ctx, input);
	const underWay = await runsUnderWay(ctx.db, all);
	const runs = input.onlyMissing ? all.filter((_, place) => underWay[place] === null) : all;
	const datasets = await ctx.db.dataset.findMany({ select: { id: true, name: true } });
	const nameOf = new Map(datasets.map(({ id, name }) => [id, name]));
	const needed = new Map<string, { stage: PlannedStage; methods: Set<string>; runs: number }>();
	for (const run of runs) {
		for (const stage of run.plan) {
			const entry = needed.get(stage.key) ?? { stage, methods: new Set(), runs: 0 };
			entry.methods.add(run.method);
			entry.runs += 1;
			needed.set(stage.key, entry);
		}
	}
	const keys = [...needed.keys()];
	const known = await ctx.db.stage.findMany({ where: { key: { in: keys } }, select: { key: true, status: true } });
	const statusOf = new Map(known.map((stage) => [stage.key, stage.status]));
	const isReused = (key: string) => statusOf.get(key) === "succeeded";
	const open = [...needed.values()].filter(({ stage }) => !isReused(stage.key));
	const estimates = await estimateDurations(
		ctx.db,
		open.map(({ stage }) => stage),
		({ key }) => places.get(key)?.host ?? null,
	);
	const stages = [...needed.values()].map(({ stage, methods, runs }) => {
		const isUnderWay = statusOf.get(stage.key) === "running" || statusOf.get(stage.key) === "queued";
		return {
			key: stage.key,
			kind: stage.kind,
			where: stage.where,
			/** The host that it would run on as things stand; null for a stage of the worker's own, and where none can. */
			host: places.get(stage.key)?.host ?? null,
			gpus: places.get(stage.key)?.needs.gpus ?? 0,
			/** Estimated for its base model where that lies here; null where nothing tells. */
			memory: places.get(stage.key)?.memory ?? null,
			/** Why it can run nowhere. */
			refusal: isReused(stage.key) ? null : (places.get(stage.key)?.refusal ?? null),
			dataset: nameOf.get(stage.datasetId) ?? stage.datasetId,
			params: stage.params,
			seed: stage.seed,
			status: isReused(stage.key) ? ("reused" as const) : isUnderWay ? ("under way" as const) : ("new" as const),
			neededBy: [...methods],
			/** Runs of this launch that share it. */
			runs,
			estimateMs: isReused(stage.key) ? 0 : (estimates.get(stage.key) ?? null),
		};
	});
	const measured = stages.map((stage) => stage.estimateMs);
	const hosts = await hostRows(ctx.db);
	const { gpuHours, cost } = spending(stages, hosts);
	return {
		suite,
		preset: preset.name,
		runs: runs.map(({ dataset, method, variant, setting, seed }) => ({
			dataset: dataset.name,
			method,
			variant,
			setting,
			seed,
		})),
		/** In words, what of the suite these datasets cannot have. */
		skipped,
		/** Which of the runs asked for another launch has under way already. */
		repeated: repeatedBy(underWay),
		/** Why stages can run nowhere, each reason once: such a launch is refused. */
		refusals: [...new Set(stages.flatMap(({ refusal }) => refusal ?? []))],
		stages,
		totals: {
			/** Of the stages that hold GPUs; null while one of them was never measured on its host. */
			gpuHours,
			/** Of the hosts that have a price, by the share of their slots; null where none has, or a stage was not measured. */
			cost,
			runs: runs.length,
			reused: stages.filter((stage) => stage.status === "reused").length,
			new: stages.filter((stage) => stage.status !== "reused").length,
			/** Sum over the stages to run, one after another; null while one of them was never measured here. */
			estimateMs: measured.every((ms) => ms !== null) ? measured.reduce((sum: number, ms) => sum + (ms ?? 0), 0) : null,
		},
	};
});

interface Spent {
	status: string;
	host: string | null;
	gpus: number;
	estimateMs: number | null;
}

/** What the stages to run would take of GPUs and money. */
function spending(
	stages: readonly Spent[],
	hosts: readonly HostRow[],
): { gpuHours: number | null; cost: number | null } {
	const open = stages.filter(({ status }) => status !== "reused");
	const priceOf = new Map(
		hosts.map(({ name, pricePerHour, slots }) => [name, pricePerHour && pricePerHour / Math.max(1, slots)]),
	);
	const gpuHours = total(
		open.filter(({ gpus }) => gpus > 0).map(({ gpus, estimateMs }) => estimateMs && gpus * estimateMs),
	);
	const priced = open.flatMap(({ host, estimateMs }) => {
		const price = priceOf.get(host ?? "") ?? null;
		return price === null ? [] : [estimateMs && price * estimateMs];
	});
	return { gpuHours, cost: priced.length === 0 ? null : total(priced) };
}

/** Of milliseconds, in hours. */
function total(values: readonly (number | null)[]): number | null {
	return values.includes(null) ? null : values.reduce((sum: number, value) => sum + (value ?? 0), 0) / 3_600_000;
}
