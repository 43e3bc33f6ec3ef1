import { keptEvents } from "@atelier/core";
import { z } from "zod";
import { findInspected } from "../../rows/inspected-run";
import { itemOr, itemsById } from "../../rows/item";
import { rankInEveryMethod } from "../../rows/ranks";
import { sequenceOf } from "../../rows/sequence";
import { storedRecommendation } from "../../rows/stored-recommendation";
import { procedure } from "../../trpc";

const SHOWN = 10;

/** One shopper of one run: history, ground truth, what the method did and the rank in every method of the dataset. */
export const get = procedure
	.input(z.object({ run: z.string(), user: z.string(), n: z.int().min(0).max(100).optional() }))
	.query(async ({ ctx, input }) => {
		const inspected = await findInspected(ctx.db, input.run, input.user);
		const { run, dataset, config, example, stageKey } = inspected;
		const n = input.n ?? config.evaluate.n;
		const [events, prediction, ranks, recommendation] = await Promise.all([
			sequenceOf(ctx.db, dataset.id, input.user),
			ctx.db.prediction.findUniqueOrThrow({
				where: { runId_exampleId: { runId: run.id, exampleId: example.exampleId } },
			}),
			rankInEveryMethod(ctx.db, inspected),
			stageKey.retrieve !== undefined ? storedRecommendation(ctx.db, inspected, n) : null,
		]);
		const shown = prediction.items.slice(0, SHOWN);
		const items = await itemsById(ctx.db, dataset.id, [...shown, example.targetItem]);
		const kept = keptEvents(
			events.map(({ action, item, at }) => ({ action, itemId: item?.itemId ?? null, at: at?.getTime() ?? null })),
			config.split.target,
		);
		return {
			run: {
				id: run.id,
				method: run.method,
				variant: run.variant,
				setting: run.setting,
				seed: run.seed,
				preset: run.preset,
			},
			dataset: { name: dataset.name, synthetic: dataset.synthetic, queriesDerived: dataset.queriesDerived },
			user: input.user,
			/** What is predicted. */
			target: config.split.target,
			n,
			/** Length of the final list. */
			k: config.evaluate.k,
			/** The last search of the session, which the memory is asked with. */
			query: example.query,
			/**
			 * What came before the ground truth, oldest first. `inSession` marks the session that ends in it; `inInput` is
			 * false for clicks on items that the shopper ever bought, which the split leaves out.
			 */
			history: events.flatMap((event, i) =>
				event.ord < example.targetOrd
					? [{ ...event, inSession: event.ord >= example.sessionOrd, inInput: kept[i] ?? false }]
					: [],
			),
			groundTruth: { item: itemOr(items, example.targetItem), cold: example.cold },
			rank: prediction.rank,
			ranked: shown.map((id, i) => ({ item: itemOr(items, id), origin: prediction.origins[i] ?? run.method })),
			recommendation,
			ranks,
		};
	});
