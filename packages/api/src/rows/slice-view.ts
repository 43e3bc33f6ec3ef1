import { AppError, attributesOf, findAttribute, parseSlice, printSlice, type SliceOffer } from "@atelier/core";
import type { Database } from "@atelier/db";
import { askSlice, SLICE_METRICS, type SliceRequest } from "@atelier/jobs";
import { z } from "zod";
import { sliceTextOf } from "./named-slice";
import { columnStages, sliceOffer } from "./slice-columns";
import { refuseDeeper, testedAlike } from "./tested-alike";

const SEED = 1;

/** What is asked of a view of methods, or of single runs. */
export const viewInput = z.object({
	metrics: z.array(z.enum(SLICE_METRICS)).min(1).max(SLICE_METRICS.length).default(["recall", "ndcg", "mrr"]),
	/** That of the protocol without. */
	k: z.int().positive().max(1_000).optional(),
	slice: z.string().default(""),
	/** Attribute whose values make the groups; one group without. */
	by: z.string().optional(),
});

export interface AskedView<M> extends z.infer<typeof viewInput> {
	methods: readonly M[];
	reference: string | null;
	k: number;
}

/**
 * A slice's figures, of those methods that were tested on the same examples.
 *
 * @throws SliceError for a slice or an attribute that cannot be read, or that these examples lack; AppError BAD_REQUEST for a
 * K that the lists do not reach
 */
export async function viewSlice<M extends { method: string; runs: readonly { id: string; seed: number }[] }>(
	db: Database,
	asked: AskedView<M>,
) {
	const { reference, k } = asked;
	const { methods, leftOut, depth } = await testedAlike(db, asked.methods, reference);
	refuseDeeper(k, depth);
	const stages = await columnStages(db, methods, reference);
	const asText = await sliceTextOf(db, asked.slice);
	const slice = parseSlice(asText);
	const grouping = asked.by === undefined ? null : attributesOf(parseSlice(asked.by))[0];
	const wanted = [...attributesOf(slice), ...(grouping ? [grouping] : [])];
	const offer = wanted.length === 0 ? null : await sliceOffer(db, stages.keys, wanted);
	const text = printSlice(offer === null ? slice : parseSlice(asText, offer));
	const by = asked.by === undefined ? null : groupingBy(asked.by, offer);
	const request: SliceRequest = {
		methods: methods.map(({ method, runs }) => ({ method, runs: runs.map(({ id, seed }) => ({ runId: id, seed })) })),
		reference,
		metrics: [...new Set(asked.metrics)],
		k,
		slice: text,
		by: by?.name ?? null,
		columns: wanted.length === 0 ? [] : stages.keys,
		seed: SEED,
	};
	const { computing, result } = await askSlice(db, request);
	return {
		k,
		metrics: request.metrics.map((name) => `${name}@${k}`),
		/** Canonical. */
		slice: text,
		by,
		reference,
		/** The run whose prompts say what was a candidate, where the slice asks for that. */
		candidatesOf: wanted.some((name) => findAttribute(name)?.about === "run") ? stages.candidatesOf : null,
		methods,
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
}

/** @throws AppError BAD_REQUEST for an attribute that makes no groups here. */
function groupingBy(name: string, offer: SliceOffer | null) {
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
