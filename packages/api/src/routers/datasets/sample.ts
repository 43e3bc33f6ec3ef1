import { randomUUID } from "node:crypto";
import { CONTRAST_CATEGORIES, SAMPLE_CATEGORIES, SYNTHETIC_CATEGORIES } from "@atelier/data";
import { z } from "zod";
import { claimName, datasetName } from "../../rows/dataset-name";
import { procedure } from "../../trpc";

/** Contrast categories have a group of their own, so that a launch on the sample's group leaves them out. */
function groupOf(name: string, slug: string): string {
	return CONTRAST_CATEGORIES.some((category) => category.slug === slug) ? `${name}-contrast` : name;
}

/**
 * Makes the synthetic sample: one dataset a category, `NAME-luggage-bags` and so on, in the group NAME; electronics and
 * toys, where wanted, in the group `NAME-contrast`.
 */
export const sample = procedure
	.input(
		z.strictObject({
			name: datasetName.max(40),
			users: z.int().min(50).max(200_000).default(1_200),
			seed: z.int().nonnegative().default(1),
			/** The four of fashion when absent. */
			categories: z
				.array(z.enum(SYNTHETIC_CATEGORIES.map((category) => category.slug)))
				.min(1)
				.optional(),
			/** Adds electronics and toys, which fashion is set against. */
			contrast: z.boolean().default(false),
		}),
	)
	.mutation(async ({ ctx, input }) => {
		const chosen: readonly { slug: string }[] = [
			...SYNTHETIC_CATEGORIES.filter(({ slug }) => input.categories?.includes(slug)),
			...(input.categories ? [] : SAMPLE_CATEGORIES),
			...(input.contrast ? CONTRAST_CATEGORIES : []),
		];
		const categories = SYNTHETIC_CATEGORIES.filter(({ slug }) => chosen.some((category) => category.slug === slug));
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
				group: groupOf(input.name, slug),
				format: "atelier",
				synthetic: true,
				request: { kind: "sample", category: slug, users, seed, group: groupOf(input.name, slug) },
			})),
		});
		for (const { id } of datasets) await ctx.queue.send("import-dataset", { datasetId: id });
		return { datasets: datasets.map(({ id, name }) => ({ id, name, startedAt })) };
	});
