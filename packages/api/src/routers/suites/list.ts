import { METHODS } from "@atelier/core";
import { readPresets, readSuites } from "../../suites";
import { procedure } from "../../trpc";

/** What can be launched: suites, presets with their values, and methods in table order. */
export const list = procedure.query(async ({ ctx }) => {
	const [suites, presets] = await Promise.all([readSuites(ctx.suitesDir), readPresets(ctx.suitesDir)]);
	return { suites, presets, methods: METHODS };
});
