import { contentKey } from "../planning/stage-key";
import { findAttribute } from "./attributes";
import { printName, printValue } from "./parse-slice";
import { EVERYTHING, type Slice } from "./slice";

/** The one text of a slice: slices that say the same in another order, or twice, have the same. Everything is empty. */
export function printSlice(slice: Slice): string {
	return print(plainest(slice), "or");
}

/** A hash of what a slice says. */
export function sliceKey(slice: Slice): string {
	return contentKey({ slice: printSlice(slice) });
}

function print(slice: Slice, within: "or" | "and" | "not"): string {
	switch (slice.type) {
		case "has":
			return printName(slice.attribute);
		case "compare":
			return `${printName(slice.attribute)} ${slice.op} ${slice.value}`;
		case "is": {
			const values = slice.values.map(findAttribute(slice.attribute)?.kind === "number" ? String : printValue);
			const name = printName(slice.attribute);
			return values.length === 1 ? `${name} = ${values[0]}` : `${name} in (${values.join(", ")})`;
		}
		case "not":
			return `not ${print(slice.of, "not")}`;
		case "and":
		case "or": {
			const text = slice.of.map((part) => print(part, slice.type)).join(` ${slice.type} `);
			return within === "not" || (within === "and" && slice.type === "or") ? `(${text})` : text;
		}
	}
}

/** The same without nesting that says nothing, each part once, in one order. */
function plainest(slice: Slice): Slice {
	switch (slice.type) {
		case "has":
		case "compare":
			return slice;
		case "is": {
			const isNumber = findAttribute(slice.attribute)?.kind === "number";
			const byValue = (a: string, b: string) => (isNumber ? Number(a) - Number(b) : a < b ? -1 : 1);
			return { ...slice, values: [...new Set(slice.values)].sort(byValue) };
		}
		case "not": {
			const inner = plainest(slice.of);
			return inner.type === "not" ? inner.of : { type: "not", of: inner };
		}
		case "and":
		case "or": {
			const { type } = slice;
			const flat = slice.of.map(plainest).flatMap((part) => (part.type === type ? part.of : [part]));
			const parts = type === "or" ? joinedValues(flat) : flat;
			const byText = new Map(parts.map((part) => [print(part, type), part]));
			const of = [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
			const [only] = of;
			return of.length === 1 && only !== undefined ? only : { type, of };
		}
	}
}

/** `season = winter or season = spring` is `season in (spring, winter)`. */
function joinedValues(parts: readonly Slice[]): Slice[] {
	const values = new Map<string, string[]>();
	for (const part of parts) {
		if (part.type === "is") values.set(part.attribute, [...(values.get(part.attribute) ?? []), ...part.values]);
	}
	const others = parts.filter(({ type }) => type !== "is");
	return [...others, ...[...values].map(([attribute, all]) => plainest({ type: "is", attribute, values: all }))];
}

/** What two slices have in common. */
export function bothOf(one: Slice, other: Slice): Slice {
	if (one === EVERYTHING) return other;
	return other === EVERYTHING ? one : { type: "and", of: [one, other] };
}
