import { expect, test } from "vitest";
import { buildResponse, familyIds, letterIds, PARSE_FAILURES, parseGeneration } from "../../src";

test("the form asked for is read, whatever stands around it", () => {
	const wanted = { itemId: 258, title: "V Neck {Blouse} M", failure: null };
	expect(parseGeneration("{<id>258</id>,<title>V Neck {Blouse} M</title>}")).toEqual(wanted);
	expect(parseGeneration("\n  {<ID> 258 </ID>, <title>\tV Neck {Blouse} M </title>} and so on </title>")).toEqual(
		wanted,
	);
});

test("a response that was built can be read back", () => {
	const built = buildResponse({ id: "7", title: 'Boot <wide>\n5" \\ heel' });
	expect(built).toBe("{<id>7</id>,<title>Boot (wide) 5'' / heel</title>}");
	expect(parseGeneration(built)).toEqual({ itemId: 7, title: "Boot (wide) 5'' / heel", failure: null });
});

const malformed: [string, ReturnType<typeof parseGeneration>][] = [
	["  \n", { itemId: null, title: null, failure: "empty" }],
	["a red dress", { itemId: null, title: null, failure: "no-id" }],
	["<title>Dress</title>", { itemId: null, title: "Dress", failure: "no-id" }],
	["{<id>25", { itemId: null, title: null, failure: "unclosed-id" }],
	["{<id>25,<title>Dress</title>}", { itemId: null, title: "Dress", failure: "unclosed-id" }],
	["{<id>B4</id>,<title>Dress</title>}", { itemId: null, title: "Dress", failure: "malformed-id" }],
	["{<id>-4</id>,<title>Dress</title>}", { itemId: null, title: "Dress", failure: "malformed-id" }],
	["{<id>4294967296</id>,<title>Dress</title>}", { itemId: null, title: "Dress", failure: "unknown-id" }],
	["{<id>25</id>}", { itemId: 25, title: null, failure: "no-title" }],
	["{<id>25</id>,<title>Long red dr", { itemId: 25, title: "Long red dr", failure: "unclosed-title" }],
	["{<id>25</id>,<title>", { itemId: 25, title: null, failure: "unclosed-title" }],
	["{<id>25</id>,<title> </title>}", { itemId: 25, title: null, failure: "empty-title" }],
];

test.each(malformed)("%j is malformed for one named reason, and what can be read is kept", (text, expected) => {
	expect(parseGeneration(text)).toEqual(expected);
});

test("every named failure has an example above", () => {
	expect(new Set(malformed.map(([, { failure }]) => failure))).toEqual(new Set(PARSE_FAILURES));
});

test("a family id is read through the texts that the prompts used", () => {
	const ids = familyIds(new Map([["12-3", 258]]));
	const read = (id: string) => parseGeneration(`{<id>${id}</id>,<title>Boot</title>}`, ids);
	expect(read("12-3")).toEqual({ itemId: 258, title: "Boot", failure: null });
	expect(read("12-4")).toEqual({ itemId: null, title: "Boot", failure: "unknown-id" });
	expect(read("258")).toEqual({ itemId: null, title: "Boot", failure: "malformed-id" });
});

test("a letter is read through the example's candidates", () => {
	const ids = letterIds([258, 17]);
	const read = (id: string) => parseGeneration(`{<id>${id}</id>,<title>Boot</title>}`, ids);
	expect(read("b")).toEqual({ itemId: 17, title: "Boot", failure: null });
	expect(read("C")).toEqual({ itemId: null, title: "Boot", failure: "unknown-id" });
	expect(read("2")).toEqual({ itemId: null, title: "Boot", failure: "malformed-id" });
	// The response that a prompt gets whose target is no candidate: none of them.
	expect(read("")).toEqual({ itemId: null, title: "Boot", failure: null });
	expect(parseGeneration("{<id></id>,<title>Boot</title>}").failure).toBe("malformed-id");
});

test("an open title says more of what went wrong than an id that names nothing", () => {
	expect(parseGeneration("{<id>C</id>,<title>Boo", letterIds([1])).failure).toBe("unclosed-title");
});
