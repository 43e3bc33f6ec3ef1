import type { SliceAttribute } from "./attributes";
import type { ExampleColumn } from "./column";
import { type Slice, valuesOf } from "./slice";

/** The examples that have one value of an attribute, or of a number one of a range. */
export interface ExampleGroup {
	/** As a person reads it; null for those without a value. */
	label: string | null;
	/** What holds them, of all examples. */
	slice: Slice;
	places: Uint32Array;
}

/**
 * Splits examples by the values of an attribute, in the order of the values, those without one last. One with several values
 * (`Work, Party`) is in several groups. Numbers go by the attribute's bins.
 *
 * @param places which examples, of all that the column has
 */
export function groupExamples(
	attribute: Pick<SliceAttribute, "name" | "bins">,
	column: ExampleColumn,
	places: Uint32Array,
): ExampleGroup[] {
	const kinds = groupKinds(attribute, column);
	const byCode: number[][] = Array.from({ length: column.dictionary.length + 2 }, () => []);
	kinds.forEach(({ codes }, group) => {
		for (const code of codes) byCode[code]?.push(group);
	});
	const held: number[][] = kinds.map(() => []);
	for (const place of places) {
		for (const group of byCode[column.codes[place] ?? 0] ?? []) held[group]?.push(place);
	}
	return kinds.flatMap(({ label, slice }, group) => {
		const members = held[group] ?? [];
		return members.length === 0 ? [] : [{ label, slice, places: Uint32Array.from(members) }];
	});
}

interface GroupKind {
	label: string | null;
	slice: Slice;
	/** Codes of the column that are of it. */
	codes: number[];
}

function groupKinds({ name, bins }: Pick<SliceAttribute, "name" | "bins">, column: ExampleColumn): GroupKind[] {
	const has: Slice = { type: "has", attribute: name };
	const without: GroupKind = { label: null, slice: { type: "not", of: has }, codes: [0] };
	if (column.kind === "flag") {
		return [
			{ label: "yes", slice: has, codes: [1] },
			{ ...without, label: "no" },
		];
	}
	if (column.kind === "number" && bins !== undefined) return [...ranges(name, bins, column), without];
	const codes = new Map<string, number[]>();
	column.dictionary.forEach((text, i) => {
		for (const value of column.kind === "number" ? [text] : valuesOf(text)) {
			codes.set(value, [...(codes.get(value) ?? []), i + 1]);
		}
	});
	const ordered = [...codes].sort(([a], [b]) => (column.kind === "number" ? Number(a) - Number(b) : a < b ? -1 : 1));
	const kinds = ordered.map(
		([value, of]): GroupKind => ({ label: value, slice: { type: "is", attribute: name, values: [value] }, codes: of }),
	);
	return [...kinds, without];
}

function ranges(attribute: string, bins: readonly number[], { dictionary }: ExampleColumn): GroupKind[] {
	return bins.map((from, i) => {
		const until = bins[i + 1];
		const codes = dictionary.flatMap((value, place) => {
			const isIn = Number(value) >= from && (until === undefined || Number(value) < until);
			return isIn ? [place + 1] : [];
		});
		const atLeast: Slice = { type: "compare", attribute, op: ">=", value: from };
		if (until === undefined) return { label: `${from} or more`, slice: atLeast, codes };
		if (until === from + 1)
			return { label: String(from), slice: { type: "is", attribute, values: [String(from)] }, codes };
		const below: Slice = { type: "compare", attribute, op: "<", value: until };
		return { label: `${from} to ${until - 1}`, slice: { type: "and", of: [atLeast, below] }, codes };
	});
}

/** How many examples have each value of a category, the most common first. */
export function countValues({
	dictionary,
	codes,
}: Pick<ExampleColumn, "dictionary" | "codes">): { value: string; count: number }[] {
	const byCode = new Uint32Array(dictionary.length + 1);
	for (const code of codes) byCode[code] = (byCode[code] ?? 0) + 1;
	const counts = new Map<string, number>();
	dictionary.forEach((text, i) => {
		for (const value of valuesOf(text)) counts.set(value, (counts.get(value) ?? 0) + (byCode[i + 1] ?? 0));
	});
	const counted = [...counts].map(([value, count]) => ({ value, count }));
	return counted.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
