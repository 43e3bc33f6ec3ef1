import type { MissingRuns } from "@atelier/core";

/** Datasets that lack the same runs, together, so that one launch fills them. */
export function joinMissing<Missing extends MissingRuns>(
	missing: readonly Missing[],
): { datasets: string[]; first: Missing }[] {
	const joined = new Map<string, { datasets: string[]; first: Missing }>();
	for (const one of missing) {
		const { methods, variants, settings, seeds, preset } = one;
		const key = JSON.stringify({ methods, variants, settings, seeds, preset });
		const known = joined.get(key);
		if (known) known.datasets.push(one.dataset);
		else joined.set(key, { datasets: [one.dataset], first: one });
	}
	return [...joined.values()];
}
