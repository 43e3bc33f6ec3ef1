import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import {
	EVERYTHING,
	parseSlice,
	printSlice,
	READY_SLICES,
	SLICE_ATTRIBUTES,
	SliceError,
	type SliceOffer,
	type SliceProblem,
	sliceKey,
} from "../../src";

const problemOf = (text: string, offer?: SliceOffer): SliceProblem => {
	try {
		parseSlice(text, offer);
	} catch (error) {
		if (error instanceof SliceError) return error.problem;
		throw error;
	}
	throw new Error(`${text} was read`);
};
const printed = (text: string) => printSlice(parseSlice(text));

test("or binds weaker than and, and weaker than not", () => {
	expect(parseSlice("cold or not query and history >= 5")).toEqual({
		type: "or",
		of: [
			{ type: "has", attribute: "cold" },
			{
				type: "and",
				of: [
					{ type: "not", of: { type: "has", attribute: "query" } },
					{ type: "compare", attribute: "history", op: ">=", value: 5 },
				],
			},
		],
	});
	expect(printed("(cold or query) and history < 5")).toBe("(cold or query) and history < 5");
	expect(printed("not (cold or query)")).toBe("not (cold or query)");
});

test("nothing is everything", () => {
	expect(parseSlice(" \n")).toEqual(EVERYTHING);
	expect(printed("")).toBe("");
});

test.each([
	["cold and query", "QUERY AND (Cold)"],
	["warm", "not cold"],
	["season = Winter", "item.season = winter"],
	["season != winter", "not season = winter"],
	["season in (winter, spring)", "season = spring or (season = winter or season = spring)"],
	["not not cold", "cold"],
	["history in (1, 2, 10)", "history in (10, 1, 2, 2.0)"],
	["brand = 'north  &  sons'", 'brand = "North & Sons"'],
	['item."sleeve length" = short', "item.'Sleeve  Length' = 'short'"],
	["cold and cold", "cold"],
	["season not in (winter)", "not season = winter"],
])("%s is %s, with one text and one key", (one, other) => {
	expect(printed(one)).toBe(printed(other));
	expect(sliceKey(parseSlice(one))).toBe(sliceKey(parseSlice(other)));
	expect(printed(printed(one))).toBe(printed(one));
});

test.each([
	"cold",
	'category in ("dress shoes", shirts) and history >= 5 and not season = winter',
	'brand = "say \\"hi\\" \\\\ bye"',
	'brand in ("and", "not", "ünïcode", "日本")',
	"item.size = 10.50 or item.size > 9",
	"(cold or query) and (history < 3 or not (query and season))",
	"item.rating >= -0.5",
])("what is written canonically is read as the same: %s", (text) => {
	expect(printed(printed(text))).toBe(printed(text));
	expect(parseSlice(printed(text))).toEqual(parseSlice(printed(printed(text))));
});

test("every slice that the documentation writes is read, and every attribute has a line there", async () => {
	const docs = await readFile(new URL("../../../../docs/slices.md", import.meta.url), "utf8");
	const lines = docs.split("\n").filter((line) => /^\| `[a-z-]+` \|/.test(line));
	for (const { name, kind, sample } of SLICE_ATTRIBUTES) {
		const cells = lines.find((line) => line.startsWith(`| \`${name}\` |`))?.split(" | ") ?? [];
		expect(cells[1]).toBe(kind);
		expect(cells.at(-1)).toBe(`\`${sample}\` |`);
	}
	const [, block = ""] = docs.split("```");
	const written = [...docs.matchAll(/`([a-z][^`\n]*)` \|$/gm)].map(([, text = ""]) => text);
	expect(written.length).toBeGreaterThan(20);
	for (const text of [...block.trim().split("\n"), ...written]) expect(printed(text)).not.toBe("");
});

test("every attribute's sample and every ready slice is read", () => {
	for (const { name, sample } of SLICE_ATTRIBUTES) expect(printed(sample)).toContain(name);
	for (const { text } of READY_SLICES) expect(printed(text)).not.toBe("");
});

test.each([
	["histroy >= 5", 0, "no attribute histroy", ["history"]],
	["cold and", 8, "a condition is missing", []],
	["cold query", 5, "the next condition", ["and", "or"]],
	["(cold or query", 14, "not closed", []],
	["cold)", 4, "closes nothing", []],
	["cold = 1", 5, "is not compared", ["cold", "not cold"]],
	["history >= many", 11, "a number is wanted", []],
	["month = december", 8, "month is a number", []],
	["season < winter", 7, "has no order", ["=", "in"]],
	["season in winter", 10, "in wants a list", []],
	["season in (winter spring)", 18, "a comma", []],
	['brand = "north', 8, "has no end", []],
	["brand = north & sons", 14, "quotation marks", []],
	['season = ""', 9, "empty text", ["not season"]],
	["season = and", 9, "is missing here", []],
	["item. = 3", 0, "no attribute item.", []],
	[`history > ${"9".repeat(400)}`, 10, "too many digits", []],
])("%s is refused at its place", (text, position, message, suggestions) => {
	const problem = problemOf(text);
	expect(problem.position).toBe(position);
	expect(problem.message).toContain(message);
	expect(problem.suggestions).toEqual(suggestions);
});

test("what the data set lacks is refused with what it has", () => {
	const offer: SliceOffer = new Map([
		["season", { lacks: null, values: new Set(["winter", "summer"]) }],
		["month", { lacks: "the log has no times.", values: null }],
	]);
	expect(parseSlice("season = WINTER", offer)).toEqual({ type: "is", attribute: "season", values: ["winter"] });
	expect(problemOf("season in (winter, sumer)", offer)).toMatchObject({ position: 19, suggestions: ["summer"] });
	expect(problemOf("season = xyz", offer).message).toContain("There are: winter, summer");
	expect(problemOf("month = 3", offer).message).toContain("the log has no times.");
	expect(problemOf("cold", offer).message).toContain("There are: season, month");
});

test("text that is too long, too deep or too much is refused without being worked through", () => {
	expect(problemOf("x".repeat(100_000)).message).toContain("at most 2000 are read");
	expect(problemOf("(".repeat(1_500)).message).toContain("levels");
	expect(problemOf("not ".repeat(400)).message).toContain("levels");
	expect(problemOf(Array.from({ length: 200 }, () => "cold").join(" or ")).message).toContain("conditions");
	expect(problemOf(`season = "${"\\".repeat(1_500)}`).message).toContain("no end");
});
