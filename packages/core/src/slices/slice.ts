export type NumberComparison = "<" | "<=" | ">" | ">=";

/** One condition. What lacks the value meets none. */
export type SliceTest =
	/** A flag that is set; of numbers and categories, that there is a value. */
	| { type: "has"; attribute: string }
	/** One of the values, as {@link sliceValue} writes them. */
	| { type: "is"; attribute: string; values: readonly string[] }
	| { type: "compare"; attribute: string; op: NumberComparison; value: number };

/** A set of test examples, said by their attributes. Everything is an `and` of nothing. */
export type Slice =
	| SliceTest
	| { type: "not"; of: Slice }
	| { type: "and"; of: readonly Slice[] }
	| { type: "or"; of: readonly Slice[] };

export const EVERYTHING: Slice = { type: "and", of: [] };

/** A value as slices compare it: whatever its case and its spaces. */
export function sliceValue(text: string): string {
	return text.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
}

/** The values that a catalogue's text holds: `Work, Party` are two. */
export function valuesOf(text: string): string[] {
	return [...new Set(text.split(",").map(sliceValue))].filter((value) => value !== "");
}

/** The attributes that a slice asks for, each once. */
export function attributesOf(slice: Slice): string[] {
	return [...new Set(testsOf(slice).map(({ attribute }) => attribute))];
}

function testsOf(slice: Slice): SliceTest[] {
	switch (slice.type) {
		case "not":
			return testsOf(slice.of);
		case "and":
		case "or":
			return slice.of.flatMap(testsOf);
		default:
			return [slice];
	}
}
