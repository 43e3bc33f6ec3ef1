import { METHODS, SWITCHES, suiteNames } from "@atelier/core";
import { readPresets, readSuites } from "../../suites";
import { procedure } from "../../trpc";

/** What can be launched: suites with all that they name, presets with their values, methods in table order, switches. */
export const list = procedure.query(async ({ ctx }) => {
	const [suites, presets] = await Promise.all([readSuites(ctx.suitesDir), readPresets(ctx.suitesDir)]);
	return {
		suites: suites.map((suite) => ({ ...suite, ...suiteNames(suite) })),
		presets,
		methods: METHODS,
		switches: SWITCHES,
	};
});
