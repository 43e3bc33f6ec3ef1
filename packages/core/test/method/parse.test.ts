import { expect, test } from "vitest";
import { buildResponse, PARSE_FAILURES, parseGeneration } from "../../src";

test("the form asked for is read, whatever stands around it", () => {
	const wanted = { itemId: 258, title: "V Neck {Blouse} M", failure: null };
	expect(parseGeneration("{<id>258</id>,<title>V Neck {Blouse} M</title>}")).toEqual(wanted);
	expect(parseGeneration("\n  {<ID> 258 </ID>, <title>\tV Neck {Blouse} M </title>} and so on </title>")).toEqual(
		wanted,
	);
});

test("a response that was built can be read back", () => {
	const built = buildResponse({ itemId: 7, title: 'Boot <wide>\n5" \\ heel' });
	expect(built).toBe("{<id>7</id>,<title>Boot (wide) 5'' / heel</title>}");
	expect(parseGeneration(built)).toEqual({ itemId: 7, title: "Boot (wide) 5'' / heel", failure: null });
});

const malformed: [string, ReturnType<typeof parseGeneration>][] = [
	["  \n", { itemId: null, title: null, failure: "empty" }],
	["a red dress", { itemId: null, title: null, failure: "no-id" }],
	["<title>Dress</title>", { itemId: null, title: "Dress", failure: "no-id" }],
	["{<id>25", { itemId: null, title: null, failure: "unclosed-id" }],
	["{<id>25,<title>Dress</title>}", { itemId: null, title: "Dress", failure: "unclosed-id" }],
	["{<id>B4</id>,<title>Dress</title>}", { itemId: null, title: "Dress", failure: "id-not-a-number" }],
	["{<id>-4</id>,<title>Dress</title>}", { itemId: null, title: "Dress", failure: "id-not-a-number" }],
	["{<id>4294967296</id>,<title>Dress</title>}", { itemId: null, title: "Dress", failure: "id-not-a-number" }],
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
