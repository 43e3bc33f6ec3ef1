import { randomUUID } from "node:crypto";
import { SAMPLE_CATEGORIES } from "@atelier/data";
import { z } from "zod";
import { claimName, datasetName } from "../../rows/dataset-name";
import { procedure } from "../../trpc";

/** Makes the synthetic sample: one dataset a category, `NAME-luggage-bags` and so on, in the group NAME. */
export const sample = procedure
	.input(
		z.strictObject({
			name: datasetName.max(40),
			users: z.int().min(50).max(200_000).default(1_200),
			seed: z.int().nonnegative().default(1),
			categories: z
				.array(z.enum(SAMPLE_CATEGORIES.map((category) => category.slug)))
				.min(1)
				.optional(),
		}),
	)
	.mutation(async ({ ctx, input }) => {
		const categories = SAMPLE_CATEGORIES.filter(({ slug }) => input.categories?.includes(slug) ?? true);
		const datasets = categories.map(({ slug }) => ({
			id: `sample-${randomUUID()}`,
			name: `${input.name}-${slug}`,
			slug,
		}));
		const { users, seed } = input;
		const rows = await Promise.all(
			datasets.map(async ({ id, name, slug }) => ({ id, slug, name: await claimName(ctx.db, name, id) })),
		);
		const startedAt = new Date();
		await ctx.db.dataset.createMany({
			// A millisecond apart, so that lists by time keep the paper's order.
			data: rows.map(({ id, name, slug }, i) => ({
				createdAt: new Date(startedAt.getTime() + i),
				id,
				name,
				group: input.name,
				format: "atelier",
				synthetic: true,
				request: { kind: "sample", category: slug, users, seed, group: input.name },
			})),
		});
		for (const { id } of datasets) await ctx.queue.send("import-dataset", { datasetId: id });
		return { datasets: datasets.map(({ id, name }) => ({ id, name, startedAt })) };
	});
