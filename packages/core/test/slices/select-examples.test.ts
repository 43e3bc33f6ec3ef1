import { expect, test } from "vitest";
import {
	type AttributeKind,
	ColumnBuilder,
	codeWidth,
	decodeNumbers,
	type ExampleColumn,
	encodeNumbers,
	findAttribute,
	groupExamples,
	parseSlice,
	printSlice,
	selectExamples,
} from "../../src";

function columnOf(kind: AttributeKind, values: readonly (string | number | boolean | null)[]): ExampleColumn {
	const builder = new ColumnBuilder(kind, values.length);
	for (const value of values) builder.add(value);
	return builder.finish("nobody has one.");
}

//                                              0      1       2        3                4     5
const COLUMNS = new Map<string, ExampleColumn>([
	["cold", columnOf("flag", [true, false, true, false, false, true])],
	["history", columnOf("number", [1, 4, 10, 60, null, 2])],
	["season", columnOf("category", ["Winter", "winter", null, "Spring,  Summer", "spring", ""])],
	["item.size", columnOf("category", ["10", "9.5", "XL", null, "11", "2"])],
]);

const held = (text: string) => [...selectExamples(parseSlice(text), COLUMNS, 6)];

test.each([
	["", [0, 1, 2, 3, 4, 5]],
	["cold", [0, 2, 5]],
	["warm", [1, 3, 4]],
	["history >= 4", [1, 2, 3]],
	["history < 4", [0, 5]],
	["not history < 4", [1, 2, 3, 4]],
	["history in (1, 60)", [0, 3]],
	["history", [0, 1, 2, 3, 5]],
	["season = WINTER", [0, 1]],
	["season = spring", [3, 4]],
	["season in (summer, winter)", [0, 1, 3]],
	["season != winter", [2, 3, 4, 5]],
	["season and not season = winter", [3, 4]],
	["not season", [2, 5]],
	["item.size >= 10", [0, 4]],
	["item.size = xl", [2]],
	["cold and (history > 5 or season = winter)", [0, 2]],
	["cold or season = spring and history", [0, 2, 3, 5]],
])("%s holds %j", (text, places) => {
	expect(held(text)).toEqual(places);
});

test("what has no column is refused", () => {
	expect(() => held("month = 1")).toThrow("month is not known");
});

test("examples are grouped by an attribute's values, and each group's slice holds the same ones", () => {
	const all = Uint32Array.from([0, 1, 2, 3, 4, 5]);
	const groupsBy = (name: string) => {
		const attribute = findAttribute(name);
		const column = COLUMNS.get(name);
		if (attribute === null || column === undefined) throw new Error(name);
		return groupExamples(attribute, column, all).map(({ label, slice, places }) => {
			expect(held(printSlice(slice))).toEqual([...places]);
			return [label, [...places]];
		});
	};
	expect(groupsBy("cold")).toEqual([
		["yes", [0, 2, 5]],
		["no", [1, 3, 4]],
	]);
	expect(groupsBy("season")).toEqual([
		["spring", [3, 4]],
		["summer", [3]],
		["winter", [0, 1]],
		[null, [2, 5]],
	]);
	expect(groupsBy("history")).toEqual([
		["1", [0]],
		["2", [5]],
		["3 to 4", [1]],
		["10 to 19", [2]],
		["50 or more", [3]],
		[null, [4]],
	]);
});

test("a column without a value says why", () => {
	expect(columnOf("number", [null, null])).toMatchObject({ dictionary: [], lacks: "nobody has one." });
	expect(columnOf("flag", [false, false]).lacks).toBeNull();
});

test.each([1, 2, 4] as const)("numbers of %i bytes are kept with the highest byte first", (width) => {
	const numbers = [0, 1, 2 ** (8 * width) - 1, 200];
	const bytes = encodeNumbers(numbers, width);
	expect(bytes.byteLength).toBe(4 * width);
	expect([...decodeNumbers(bytes, width)]).toEqual(numbers);
	if (width === 2) expect([...bytes.slice(2, 4)]).toEqual([0, 1]);
	// As Postgres hands them over: a window into something larger.
	expect([...decodeNumbers(Uint8Array.from([9, ...bytes]).subarray(1), width)]).toEqual(numbers);
});

test("a code has room for every value and for none", () => {
	expect([0, 254, 255, 65_534, 65_535].map(codeWidth)).toEqual([1, 1, 2, 2, 4]);
});
