import { AppError, methodsInOrder, methodTitle, OUR_METHODS, parseSetting, settingName } from "@atelier/core";
import { z } from "zod";
import { viewInput, viewSlice } from "../../rows/slice-view";
import { procedure } from "../../trpc";
import {
	datasetHead,
	type MeasuredRun,
	measuredRuns,
	newestBySeed,
	ofOnePreset,
	underOneProtocol,
} from "./measured-runs";

const input = z.object({
	dataset: z.string(),
	setting: z.string().default("full"),
	variant: z.string().default("full"),
	preset: z.string().optional(),
	...viewInput.shape,
	/** All that were measured without. */
	methods: z.array(z.string()).min(1).max(30).optional(),
	/** The method that all others are compared with; ours without, else none. */
	reference: z.string().optional(),
});

/**
 * Methods over a slice of the test shoppers, for any K and metric, and over the values of one attribute: values with
 * intervals, and differences to the reference with Holm over all that is shown. Groups come with the largest differences
 * first; `place` is a group's place in the order of the values. While intervals and tests are being drawn, `computing` says
 * how far that is and values stand alone.
 */
export const sliced = procedure.input(input).query(async ({ ctx, input }) => {
	const where = { variant: input.variant, setting: settingName(parseSetting(input.setting)) };
	const [measured] = await measuredRuns(ctx, { datasets: [input.dataset], preset: input.preset }, where, {
		figures: false,
	});
	if (measured === undefined) throw new AppError("NOT_FOUND", `There is no dataset ${input.dataset}.`);
	const { preset, runs: ofPreset } = ofOnePreset(measured);
	const { protocol, runs } = underOneProtocol(ofPreset);
	if (protocol === null) {
		const where = `${input.dataset} in the setting ${input.setting}`;
		throw new AppError(
			"NOT_FOUND",
			`Nothing was measured on ${where}${input.preset ? ` with preset ${input.preset}` : ""}.`,
		);
	}
	const cells = cellsOf(runs, input.methods);
	const reference = referenceOf(cells, input.reference);
	const { methods, ...view } = await viewSlice(ctx.db, {
		...input,
		methods: cells,
		reference,
		k: input.k ?? protocol.k,
	});
	return {
		dataset: datasetHead(measured.dataset),
		setting: where.setting,
		variant: input.variant,
		preset,
		protocol,
		...view,
		methods: methods.map(({ method, runs }) => ({
			method,
			title: methodTitle(method),
			runs: runs.map(({ id, seed, preset }) => ({ id, seed, preset })),
		})),
	};
});

interface MethodRuns {
	method: string;
	runs: MeasuredRun[];
}

/** @throws AppError NOT_FOUND for a method that was not measured. */
function cellsOf(runs: readonly MeasuredRun[], names: readonly string[] | undefined): MethodRuns[] {
	const measured = new Set(runs.map(({ method }) => method));
	const found = methodsInOrder(measured).filter((method) => measured.has(method));
	const missing = names?.find((name) => !found.includes(name));
	if (missing !== undefined) {
		throw new AppError("NOT_FOUND", `${missing} was not measured here. There are: ${found.join(", ")}.`);
	}
	const wanted = found.filter((method) => names === undefined || names.includes(method));
	return wanted.map((method) => ({ method, runs: newestBySeed(runs.filter((run) => run.method === method)) }));
}

/** @throws AppError NOT_FOUND for one that is not among the methods. */
function referenceOf(methods: readonly MethodRuns[], name: string | undefined): string | null {
	const names = methods.map(({ method }) => method);
	if (name === undefined) return OUR_METHODS.find((method) => names.includes(method)) ?? null;
	if (names.includes(name)) return name;
	throw new AppError(
		"NOT_FOUND",
		`${name} is not among the methods shown, so nothing can be compared with it: ${names.join(", ")}.`,
	);
}
