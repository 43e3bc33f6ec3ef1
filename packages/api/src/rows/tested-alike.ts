import { AppError } from "@atelier/core";
import type { Database } from "@atelier/db";

export interface TestedAlike<M> {
	methods: M[];
	/** Methods that say nothing beside the others, and why. */
	leftOut: { method: string; why: string }[];
	/** The most that K may be for all that are left; null where that is not known yet. */
	depth: number | null;
}

/**
 * Of some methods those that were tested on the same examples: as the reference was, else as the most of them were. Runs
 * whose ranks were not read yet stay, and are judged when they are.
 */
export async function testedAlike<M extends { method: string; runs: readonly { id: string }[] }>(
	db: Database,
	methods: readonly M[],
	reference: string | null,
): Promise<TestedAlike<M>> {
	const ids = methods.flatMap(({ runs }) => runs.map(({ id }) => id));
	const select = { runId: true, setKey: true, depth: true };
	const vectors = await db.rankVector.findMany({ where: { runId: { in: ids } }, select });
	const setsOf = ({ runs }: M) =>
		new Set(vectors.filter(({ runId }) => runs.some(({ id }) => id === runId)).map(({ setKey }) => setKey));
	const wanted = methods.find(({ method }) => method === reference);
	const [own] = wanted === undefined ? [] : setsOf(wanted);
	const shared = own ?? mostCommon(methods.flatMap((method) => [...setsOf(method)]));
	const isAlike = (method: M) => [...setsOf(method)].every((set) => set === shared);
	const kept = methods.filter(isAlike);
	const depths = vectors
		.filter(({ runId }) => kept.some(({ runs }) => runs.some(({ id }) => id === runId)))
		.map(({ depth }) => depth);
	return {
		methods: kept,
		leftOut: methods
			.filter((method) => !isAlike(method))
			.map(({ method }) => ({ method, why: "It was tested on other examples than the rest." })),
		depth: depths.length === 0 ? null : Math.min(...depths),
	};
}

function mostCommon(keys: readonly string[]): string | undefined {
	const counts = new Map<string, number>();
	for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
	return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))[0]?.[0];
}

/** @throws AppError BAD_REQUEST for a K that some list does not reach: no figure is given beyond what is stored. */
export function refuseDeeper(k: number, depth: number | null): void {
	if (depth === null || k <= depth) return;
	throw new AppError("BAD_REQUEST", `K = ${k} is beyond what these lists hold: choose one up to ${depth}.`);
}
