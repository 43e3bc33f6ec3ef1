import { type Offered, SLICE_ATTRIBUTES, type SliceOffer, valuesOf } from "@atelier/core";
import type { Database } from "@atelier/db";
import { columnStagesOf } from "@atelier/jobs";
import { z } from "zod";

const dictionaryOf = z.array(z.string());

export interface SliceStages {
	/** Stages whose columns say what the examples are like. */
	keys: string[];
	/** The method and run whose prompts say what was a candidate; null where none has prompts. */
	candidatesOf: { method: string; runId: string } | null;
}

/**
 * Where the columns of a view come from. Runs of other splits may share the examples, and candidates differ between runs:
 * those of the reference count, or else of the first method that has them.
 */
export async function columnStages(
	db: Database,
	methods: readonly { method: string; runs: readonly { id: string }[] }[],
	reference: string | null,
): Promise<SliceStages> {
	const ordered = [...methods].sort((a, b) => Number(b.method === reference) - Number(a.method === reference));
	const firsts = ordered.flatMap(({ method, runs }) => (runs[0] ? [{ method, runId: runs[0].id }] : []));
	const stages = await columnStagesOf(
		db,
		firsts.map(({ runId }) => runId),
	);
	const split = firsts.map(({ runId }) => stages.get(runId)?.split ?? null).find((key) => key !== null);
	const candidatesOf = firsts.find(({ runId }) => (stages.get(runId)?.prompts ?? null) !== null) ?? null;
	const prompted = candidatesOf === null ? undefined : stages.get(candidatesOf.runId);
	const keys = [split, prompted?.prompts, prompted?.parse].flatMap((key) => (key ? [key] : []));
	return { keys, candidatesOf };
}

/**
 * What the examples have of the attributes that are asked for, of all attributes by name; null where nothing was read of
 * them yet.
 */
export async function sliceOffer(
	db: Database,
	stageKeys: readonly string[],
	wanted: readonly string[],
): Promise<SliceOffer | null> {
	const names = await db.exampleColumn.findMany({
		where: { stageKey: { in: [...stageKeys] } },
		select: { name: true, lacks: true, kind: true },
	});
	if (names.length === 0) return null;
	const dictionaries = await db.exampleColumn.findMany({
		where: { stageKey: { in: [...stageKeys] }, name: { in: [...wanted] }, kind: "category" },
		select: { name: true, dictionary: true },
	});
	const offer = new Map<string, Offered>();
	for (const { name, lacks } of names) {
		const found = dictionaries.find((one) => one.name === name);
		const values = found === undefined ? null : new Set(dictionaryOf.parse(found.dictionary).flatMap(valuesOf));
		offer.set(name, { lacks, values });
	}
	for (const { name, about } of SLICE_ATTRIBUTES) {
		if (offer.has(name) || about !== "run") continue;
		offer.set(name, { lacks: "none of these methods puts candidates into a prompt.", values: null });
	}
	return offer;
}
