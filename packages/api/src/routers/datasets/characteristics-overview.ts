import { KEY_FIGURES, type KeyFigureDefinition, meanFigures, paperRatiosOf, ratiosTo } from "@atelier/data";
import { z } from "zod";
import { measureFigures } from "../../rows/dataset-figures";
import { findReadyDatasets } from "../../rows/find-dataset";
import { procedure } from "../../trpc";

const definitions: readonly KeyFigureDefinition[] = KEY_FIGURES;

/**
 * Key figures of several datasets beside a reference's: a dataset, or a group, whose figures are its members' means.
 * `ratios` say how many times as much the reference has; `paperRatios` what the paper says fashion has of a dataset
 * named after its contrast categories. A dataset whose files are gone says so as its `problem`.
 */
export const characteristicsOverview = procedure
	.input(
		z.strictObject({
			/** Datasets or groups; all that are ready when absent. */
			names: z.array(z.string()).min(1).optional(),
			/** A dataset or a group; the first dataset when absent. */
			reference: z.string().optional(),
		}),
	)
	.query(async ({ ctx, input }) => {
		const datasets = input.names
			? await findReadyDatasets(ctx.db, input.names)
			: await ctx.db.dataset.findMany({ where: { status: "ready" }, orderBy: { createdAt: "asc" } });
		const reference = input.reference ?? datasets[0]?.name;
		if (reference === undefined) return { definitions, reference: null, datasets: [] };
		const members = await findReadyDatasets(ctx.db, [reference]);
		const measured = await measureFigures(ctx, [
			...new Map([...members, ...datasets].map((row) => [row.id, row])).values(),
		]);
		const figures = meanFigures(members.flatMap(({ id }) => measured.get(id)?.figures ?? []));
		return {
			definitions,
			reference: { name: reference, members: members.map(({ name }) => name), figures },
			datasets: datasets.map(({ id, name, group, synthetic, queriesDerived }) => {
				const own = measured.get(id);
				return {
					name,
					group,
					synthetic,
					queriesDerived,
					isReference: members.some((member) => member.id === id),
					problem: own?.problem ?? null,
					figures: own?.figures ?? null,
					ratios: own?.figures ? ratiosTo(figures, own.figures) : null,
					paperRatios: paperRatiosOf(name),
				};
			}),
		};
	});
