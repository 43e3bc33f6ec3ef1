import {
	AppError,
	attributesOf,
	findAttribute,
	methodsInOrder,
	methodTitle,
	OUR_METHODS,
	parseSetting,
	parseSlice,
	printSlice,
	settingName,
} from "@atelier/core";
import { askSlice, SLICE_METRICS, type SliceRequest } from "@atelier/jobs";
import { z } from "zod";
import { columnStages, sliceOffer } from "../../rows/slice-columns";
import { refuseDeeper, testedAlike } from "../../rows/tested-alike";
import { procedure } from "../../trpc";
import {
	datasetHead,
	type MeasuredRun,
	measuredRuns,
	newestBySeed,
	ofOnePreset,
	underOneProtocol,
} from "./measured-runs";

const SEED = 1;

const input = z.object({
	dataset: z.string(),
	setting: z.string().default("full"),
	variant: z.string().default("full"),
	preset: z.string().optional(),
	metrics: z.array(z.enum(SLICE_METRICS)).min(1).max(SLICE_METRICS.length).default(["recall", "ndcg", "mrr"]),
	/** That of the protocol without. */
	k: z.int().positive().max(1_000).optional(),
	slice: z.string().default(""),
	/** Attribute whose values make the groups; one group without. */
	by: z.string().optional(),
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
	const { methods, leftOut, depth } = await testedAlike(ctx.db, cells, reference);
	refuseDeeper(input.k ?? protocol.k, depth);
	const stages = await columnStages(ctx.db, methods, reference);
	const slice = parseSlice(input.slice);
	const wanted = [...attributesOf(slice), ...(input.by === undefined ? [] : [input.by])];
	const offer = await sliceOffer(ctx.db, stages.keys, wanted);
	const text = printSlice(offer === null ? slice : parseSlice(input.slice, offer));
	const by = input.by === undefined ? null : groupingBy(input.by, offer);
	const request: SliceRequest = {
		methods: methods.map(({ method, runs }) => ({ method, runs: runs.map(({ id, seed }) => ({ runId: id, seed })) })),
		reference,
		metrics: [...new Set(input.metrics)],
		k: input.k ?? protocol.k,
		slice: text,
		by: by?.name ?? null,
		columns: wanted.length === 0 ? [] : stages.keys,
		seed: SEED,
	};
	const { computing, result } = await askSlice(ctx.db, request);
	return {
		dataset: datasetHead(measured.dataset),
		setting: where.setting,
		variant: input.variant,
		preset,
		protocol,
		k: request.k,
		metrics: request.metrics.map((name) => `${name}@${request.k}`),
		/** Canonical. */
		slice: text,
		by,
		reference,
		/** The run whose prompts say what was a candidate, where the slice asks for that. */
		candidatesOf: wanted.some((name) => findAttribute(name)?.about === "run") ? stages.candidatesOf : null,
		methods: methods.map(({ method, runs }) => ({
			method,
			title: methodTitle(method),
			runs: runs.map(({ id, seed, preset }) => ({ id, seed, preset })),
		})),
		leftOut,
		computing,
		/** Test users of the slice and of all, the largest K that the lists allow, and how many tests p is adjusted over. */
		users: result?.users ?? null,
		of: result?.of ?? null,
		depth: result?.depth ?? depth,
		tests: result?.tests ?? null,
		/** Groups beyond those that are shown. */
		left: result?.left ?? 0,
		groups: result === null ? null : inOrder(result.groups),
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

/** @throws AppError BAD_REQUEST for an attribute that makes no groups here. */
function groupingBy(name: string, offer: Awaited<ReturnType<typeof sliceOffer>>) {
	// Its errors are those of a slice: an unknown name with what there is, or why it is not known here.
	const parsed = parseSlice(name, offer ?? undefined);
	const [only] = attributesOf(parsed);
	const attribute = only === undefined ? null : findAttribute(only);
	if (attribute === null) throw new AppError("BAD_REQUEST", `${name} is no attribute.`);
	return { name: attribute.name, title: attribute.title, kind: attribute.kind };
}

/** Groups with the largest difference first, those that were not tested last, in the order of their values. */
function inOrder<G extends { cells: { metrics: Record<string, { difference: { value: number } | null }> }[] }>(
	groups: readonly G[],
) {
	const placed = groups.map((group, place) => {
		const differences = group.cells.flatMap(({ metrics }) => Object.values(metrics).slice(0, 1));
		const largest = Math.max(-1, ...differences.map(({ difference }) => Math.abs(difference?.value ?? -1)));
		return { ...group, place, largest: largest < 0 ? null : largest };
	});
	return placed.sort((a, b) => (b.largest ?? -1) - (a.largest ?? -1) || a.place - b.place);
}
