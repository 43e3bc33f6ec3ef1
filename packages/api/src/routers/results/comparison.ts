import { AppError, configDifferences, knownProtocolOf, MOST_COMPARED, runWarnings, unlikeRuns } from "@atelier/core";
import type { Prisma } from "@atelier/db";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { procedure } from "../../trpc";
import { makingNote } from "./making";

const include = {
	dataset: { select: { name: true, synthetic: true, queriesDerived: true } },
	metrics: { where: { slice: "all" } },
	stages: { select: { stage: { select: { key: true, kind: true, datasetId: true } } } },
} satisfies Prisma.RunInclude;
type ComparedRun = Prisma.RunGetPayload<{ include: typeof include }>;

/**
 * Runs side by side, before anything of them is tested: their figures, everything in which their configurations differ,
 * and what else differs, with whether a test is refused for it. One run alone is an answer too: others are chosen to it.
 */
export const comparison = procedure
	.input(z.object({ runs: z.array(z.string()).min(1).max(MOST_COMPARED) }))
	.query(async ({ ctx: { db }, input }) => {
		const runs = await Promise.all(input.runs.map((id) => findRun(db, id, include)));
		if (new Set(runs.map(({ id }) => id)).size < runs.length) {
			throw new AppError("BAD_REQUEST", "One run is named twice. Name each once.");
		}
		const facts = runs.map((run) => ({
			dataset: run.dataset.name,
			setting: run.setting,
			status: run.status,
			seed: run.seed,
			preset: run.preset,
			protocol: knownProtocolOf(run),
			users: run.metrics[0]?.count ?? null,
			split: stageOf(run, "split"),
			memory: stageOf(run, "memory"),
		}));
		return {
			runs: runs.map((run, place) => ({
				id: run.id,
				dataset: run.dataset.name,
				synthetic: run.dataset.synthetic,
				queriesDerived: run.dataset.queriesDerived,
				method: run.method,
				variant: run.variant,
				setting: run.setting,
				seed: run.seed,
				preset: run.preset,
				status: run.status,
				createdAt: run.createdAt,
				warnings: runWarnings.parse(run.warnings),
				protocol: facts[place]?.protocol ?? null,
				users: facts[place]?.users ?? null,
				metrics: Object.fromEntries(run.metrics.map(({ name, value, low, high }) => [name, { value, low, high }])),
			})),
			unlike: unlikeRuns(facts),
			/** Where code, libraries, revisions or devices differ, in one sentence. */
			madeUnlike: await makingNote(
				db,
				runs.map(({ id }) => id),
			),
			config: configDifferences(runs.map(({ config }) => config)),
		};
	});

/** Of the data that it is tested on: a zero-shot run has stages on its source as well. */
function stageOf({ stages, datasetId }: ComparedRun, kind: string): string | null {
	return stages.find(({ stage }) => stage.kind === kind && stage.datasetId === datasetId)?.stage.key ?? null;
}
