import { AppError, canonicalJson, METHODS, paperDatasetOf, paperFigures } from "@atelier/core";
import type { Database, Prisma } from "@atelier/db";
import { z } from "zod";
import { findReadyDatasets } from "../../rows/find-dataset";
import { readPresets } from "../../suites";
import { procedure } from "../../trpc";

const METRIC_NAMES = ["recall@10", "ndcg@10", "mrr@10"] as const;
type MetricName = (typeof METRIC_NAMES)[number];

interface CellMetric {
	/** Mean over the seeds. */
	value: number;
	/** 95 % bootstrap interval over users; null for a mean over seeds, which has `deviation`. */
	low: number | null;
	high: number | null;
	/** Sample standard deviation over seeds; null for a single one. */
	deviation: number | null;
}

const protocolConfig = z.object({ split: z.unknown(), evaluate: z.object({ k: z.number(), maskSeen: z.boolean() }) });
const runInclude = { metrics: { where: { slice: "all" } } } satisfies Prisma.RunInclude;
type MeasuredRun = Prisma.RunGetPayload<{ include: typeof runInclude }>;

/** Runs are compared only under one protocol: the split, K, and whether seen items are ranked. */
const protocolOf = (run: MeasuredRun): string => {
	const { split, evaluate } = protocolConfig.parse(run.config);
	return canonicalJson({ split, k: evaluate.k, maskSeen: evaluate.maskSeen });
};

/** The newest run of each seed. */
function newestBySeed(runs: MeasuredRun[]): MeasuredRun[] {
	const bySeed = new Map<number, MeasuredRun>();
	for (const run of runs) if (!bySeed.has(run.seed)) bySeed.set(run.seed, run);
	return [...bySeed.values()];
}

function metricOver(runs: MeasuredRun[], name: MetricName): CellMetric | null {
	const found = runs.flatMap((run) => run.metrics.filter((metric) => metric.name === name));
	const [only] = found;
	if (only === undefined) return null;
	const value = found.reduce((sum, metric) => sum + metric.value, 0) / found.length;
	if (found.length === 1) return { value, low: only.low, high: only.high, deviation: null };
	const squares = found.reduce((sum, metric) => sum + (metric.value - value) ** 2, 0);
	return { value, low: null, high: null, deviation: Math.sqrt(squares / (found.length - 1)) };
}

/** A preset is one of the files, or of a run made when there was such a file. @throws AppError BAD_REQUEST */
async function refuseUnknownPreset({ db, suitesDir }: { db: Database; suitesDir: string }, name: string) {
	const used = await db.run.findMany({ distinct: ["preset"], select: { preset: true } });
	const names = new Set([...(await readPresets(suitesDir)).map((file) => file.name), ...used.map((run) => run.preset)]);
	if (names.has(name)) return;
	throw new AppError("BAD_REQUEST", `Unknown preset "${name}". There are: ${[...names].join(", ")}.`);
}

/**
 * Table 2: methods × datasets from the newest succeeded runs (one for each seed), under the protocol of the newest run
 * of each dataset, with the paper's figures beside the categories that it names.
 */
export const table2 = procedure
	.input(z.object({ datasets: z.array(z.string()).optional(), preset: z.string().optional() }).default({}))
	.query(async ({ ctx, input }) => {
		if (input.preset !== undefined) await refuseUnknownPreset(ctx, input.preset);
		const named = input.datasets?.length ? await findReadyDatasets(ctx.db, input.datasets) : null;
		const datasets =
			named ??
			(await ctx.db.dataset.findMany({
				where: { runs: { some: { status: "succeeded" } } },
				orderBy: [{ createdAt: "asc" }, { name: "asc" }],
			}));
		const runs = await ctx.db.run.findMany({
			where: {
				datasetId: { in: datasets.map((dataset) => dataset.id) },
				status: "succeeded",
				variant: "full",
				setting: "full",
				...(input.preset && { preset: input.preset }),
			},
			orderBy: [{ createdAt: "desc" }, { id: "desc" }],
			include: runInclude,
		});
		return {
			metrics: METRIC_NAMES,
			datasets: datasets.map((dataset) => {
				const own = runs.filter((run) => run.datasetId === dataset.id);
				const [newest] = own;
				const protocol = newest === undefined ? null : protocolOf(newest);
				const paper = paperDatasetOf(dataset.name);
				return {
					name: dataset.name,
					group: dataset.group,
					synthetic: dataset.synthetic,
					queriesDerived: dataset.queriesDerived,
					paperDataset: paper,
					protocol,
					cells: METHODS.map(({ id: method }) => {
						const used = newestBySeed(own.filter((run) => run.method === method && protocolOf(run) === protocol));
						return {
							method,
							runs: used.map(({ id, seed, preset }) => ({ id, seed, preset })),
							users: used[0]?.metrics[0]?.count ?? null,
							metrics: Object.fromEntries(METRIC_NAMES.map((name) => [name, metricOver(used, name)])),
							paper: paperFigures(method, paper),
						};
					}),
				};
			}),
		};
	});
