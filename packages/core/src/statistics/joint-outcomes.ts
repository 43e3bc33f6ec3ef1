import type { OutcomeGroup } from "./paired-bootstrap";

/** Beyond so many outcomes they are counted by name instead of by place. */
const MOST_PLACES = 1 << 20;

/**
 * Users by the rank of their ground truth in every run.
 *
 * @param vectors of each run a rank for each user, from 1; 0 where it is not in the list
 * @param places which users; all of them without
 */
export function jointOutcomes(vectors: readonly ArrayLike<number>[], k: number, places?: Uint32Array): OutcomeGroup[] {
	const count = places?.length ?? vectors[0]?.length ?? 0;
	const base = k + 1;
	const outcomes = base ** vectors.length;
	if (outcomes > Number.MAX_SAFE_INTEGER) return byName(vectors, k, places);
	const counts = outcomes <= MOST_PLACES ? new Uint32Array(outcomes) : new Map<number, number>();
	for (let i = 0; i < count; i += 1) {
		const place = places === undefined ? i : (places[i] ?? 0);
		let code = 0;
		for (const ranks of vectors) {
			const rank = ranks[place] ?? 0;
			code = code * base + (rank <= k ? rank : 0);
		}
		if (counts instanceof Map) counts.set(code, (counts.get(code) ?? 0) + 1);
		else counts[code] = (counts[code] ?? 0) + 1;
	}
	const groups: OutcomeGroup[] = [];
	for (const [code, users] of counts.entries()) {
		if (users > 0) groups.push({ ranks: ranksOf(code, base, vectors.length), users });
	}
	return groups;
}

function ranksOf(code: number, base: number, runs: number): (number | null)[] {
	const ranks: (number | null)[] = [];
	for (let rest = code, run = 0; run < runs; run += 1, rest = Math.floor(rest / base)) {
		const rank = rest % base;
		ranks.unshift(rank === 0 ? null : rank);
	}
	return ranks;
}

/** For so many runs that their outcomes have no number. */
function byName(vectors: readonly ArrayLike<number>[], k: number, places?: Uint32Array): OutcomeGroup[] {
	const count = places?.length ?? vectors[0]?.length ?? 0;
	const groups = new Map<string, { ranks: (number | null)[]; users: number }>();
	for (let i = 0; i < count; i += 1) {
		const place = places === undefined ? i : (places[i] ?? 0);
		const ranks = vectors.map((vector) => {
			const rank = vector[place] ?? 0;
			return rank === 0 || rank > k ? null : rank;
		});
		const name = ranks.join(" ");
		const known = groups.get(name);
		if (known === undefined) groups.set(name, { ranks, users: 1 });
		else known.users += 1;
	}
	return [...groups.values()];
}
