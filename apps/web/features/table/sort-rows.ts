import type { Sort } from "~/features/url-state";

export type SortValue = number | string | Date | null;

/** A copy in order; equal rows keep theirs, and rows without a value come last either way. */
export function sortRows<Row>(rows: readonly Row[], value: (row: Row) => SortValue, descending: boolean): Row[] {
	const keyed = rows.map((row) => ({ row, value: value(row) }));
	keyed.sort((a, b) => {
		if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
		const order =
			typeof a.value === "string" || typeof b.value === "string"
				? String(a.value).localeCompare(String(b.value), "en", { numeric: true })
				: Number(a.value) - Number(b.value);
		return descending ? -order : order;
	});
	return keyed.map(({ row }) => row);
}

/** What a click on a head does: the natural direction first (largest number, first name), then the other, then none. */
export function nextSort(active: Sort | null, by: string, numeric: boolean): Sort | null {
	if (active === null) return { by, descending: numeric };
	return active.descending === numeric ? { by, descending: !numeric } : null;
}
