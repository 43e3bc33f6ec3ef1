/** Cutoffs that are offered; an address may name any other. */
export const CUTOFFS = [1, 5, 10, 20, 50, 100] as const;

/** K of a view; null for the one that the runs were evaluated at, and for what is no cutoff. */
export function readCutoff(params: URLSearchParams): number | null {
	const text = params.get("k") ?? "";
	return /^[1-9]\d{0,2}$/.test(text) ? Number(text) : null;
}

export const cutoffText = (k: number | null): string => (k === null ? "" : String(k));
