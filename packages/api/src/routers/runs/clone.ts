import { configDifference, effectivePreset, parseVariant, type Variant } from "@atelier/core";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { readPresets } from "../../suites";
import { procedure } from "../../trpc";

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** What a preset is called and says of itself, and what its stages get where they run. */
const NOT_SET = /^(name|title|description|resources)(\.|$)/;

/** A launch that would make this run again, for a form in which it is changed: what of its preset it sets otherwise. */
export const clone = procedure.input(z.object({ id: z.string() })).query(async ({ ctx, input }) => {
	const run = await findRun(ctx.db, input.id, { dataset: { select: { name: true } } });
	const variant = variantOf(run.variant);
	const base = (await readPresets(ctx.suitesDir)).find(({ name }) => name === run.preset);
	const differences = base === undefined ? [] : configDifference(effectivePreset(base, variant ?? []), run.config);
	return {
		dataset: run.dataset.name,
		method: run.method,
		/** Null for a point of a grid, whose values are among {@link set}. */
		variant: variant === null ? null : run.variant,
		setting: run.setting,
		seed: run.seed,
		/** Null where there is no such preset any more. */
		preset: base === undefined ? null : run.preset,
		/** Values of another version's settings are left out: nothing reads them any more. */
		set: differences.flatMap(({ path, left, right }) => {
			const value = scalar.safeParse(right);
			return value.success && left !== undefined && !NOT_SET.test(path) ? [`${path}=${value.data}`] : [];
		}),
	};
});

function variantOf(name: string): Variant | null {
	try {
		return parseVariant(name);
	} catch {
		return null;
	}
}
