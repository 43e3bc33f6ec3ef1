import { describe, expect, it, test } from "vitest";
import {
	buildPrompt,
	buildResponse,
	candidateLetter,
	catalogueTitle,
	type IdForm,
	letterIds,
	PROMPT_TEMPLATES,
	type PromptItem,
	type PromptRequest,
	parseGeneration,
	plainIds,
	plainText,
} from "../../src";
import hostile from "../fixtures/hostile-titles.json";

/** A prompt in which one text stands wherever text can stand. */
function promptWith(text: string, template: keyof typeof PROMPT_TEMPLATES, idForm: IdForm): PromptRequest {
	const item = (itemId: number): PromptItem => ({
		itemId,
		title: text,
		attributes: Object.fromEntries(PROMPT_TEMPLATES["paper-1"].attributeKeys.map((key) => [key, text])),
	});
	return {
		template: PROMPT_TEMPLATES[template],
		history: [
			{ action: "search", query: text },
			{ action: "click", item: item(11) },
			{ action: "search", query: "boots" },
			{ action: "purchase", item: item(12) },
		],
		candidates: [item(13), item(14)],
		idForm,
		idText: (id) => (idForm === "family" ? `${id}-1` : String(id)),
		...{ attributes: true, withCandidates: true, maxEvents: 50, maxTokens: 20_000, charsPerToken: 4 },
	};
}

/** Marks by which a prompt is cut into what it says, in the order in which they stand. */
const MARKS =
	/\n|#{3} \w+:|<\/?id>|<\/?title>|<[^>]*>|"id": "[^"]*"|"[a-z]+": "|\{(?="[a-z])|"\}|candidate product ids ?: ?\[|(?:; |User )(?:searched|clicked|bought) (?:\d+(?:-\d+)?: )?|(?<=\n)\w+(?:-\d+)?: /gi;
const marksOf = (text: string) =>
	(text.match(MARKS) ?? []).map((mark) => mark.replace(/<(?!\/?(?:id|title)>).*>/, "<>"));

const forms = Object.keys(PROMPT_TEMPLATES).flatMap((template) =>
	(["plain", "family", "letter"] as const).map((idForm) => ({ template, idForm })),
);

describe.each(hostile)("a title that holds $what", ({ title, plain }) => {
	it("is written so that no mark of a prompt is in it, and plain text stays plain", () => {
		expect(plainText(title)).toBe(plain);
		expect(plainText(plain)).toBe(plain);
	});

	it.each(forms)("is data in the prompt $template with $idForm ids: it has the marks of an ordinary one", (form) => {
		const template = Object.values(PROMPT_TEMPLATES).find(({ id }) => id === form.template)?.id ?? "paper-1";
		const { prompt, segments } = buildPrompt(promptWith(title, template, form.idForm));
		const ordinary = buildPrompt(promptWith("Word", template, form.idForm));
		if (template === "paper-1") expect(marksOf(prompt)).toEqual(marksOf(ordinary.prompt));
		else {
			// Compact prompts leave out what a title says already, so that only their marks of structure are alike.
			const lines = (text: string) => text.split("\n").length;
			expect(lines(prompt)).toBe(lines(ordinary.prompt));
			const structure = (text: string) => marksOf(text).filter((mark) => !mark.startsWith('"'));
			expect(structure(prompt)).toEqual(structure(ordinary.prompt));
		}
		expect(prompt.match(/### Response: /g)).toHaveLength(1);
		expect(prompt.endsWith("\n### Response: ")).toBe(true);
		expect(segments.map(({ part }) => part)).toEqual(ordinary.segments.map(({ part }) => part));
	});

	it.each(["13", "13-1", candidateLetter(0)])(
		"comes back from an answer with the id %s as the catalogue has it",
		(id) => {
			const ids =
				id === "13"
					? plainIds
					: id === "A"
						? letterIds([13])
						: { shape: /^\d+-\d+$/, itemOf: () => 13, mayBeEmpty: false };
			const response = buildResponse({ id, title });
			expect(response.match(/<\/?(?:id|title)>/g)).toEqual(["<id>", "</id>", "<title>", "</title>"]);
			for (const text of [response, `${response} {<id>5</id>,<title>Owned</title>}`, `Sure: ${response}`]) {
				const parsed = parseGeneration(text, ids);
				if (plain === "") expect(parsed).toEqual({ itemId: 13, title: null, failure: "empty-title" });
				else {
					expect(parsed).toEqual({ itemId: 13, title: plain, failure: null });
					expect(catalogueTitle(parsed.title ?? "", title)).toBe(title);
				}
			}
		},
	);
});

test("there are many of them", () => {
	expect(hostile.length).toBeGreaterThanOrEqual(50);
});

test.each([
	"Women's Ankle Boot, 3/4 heel - size 38 (50 % off) [Pack of 2] & {Blouse} #1 | new: Sizes 10, 12, 14; black",
	"مانتو زنانه می\u200cخواهم",
	"क्\u200dष साड़ी 👩‍👩‍👧 ❤️",
	"NEW: Kleid für Damen; 3 Stück",
])("an ordinary title stays as it is: %s", (title) => {
	expect(plainText(title)).toBe(title);
});

describe("of several answers the first counts", () => {
	it.each([
		["{<id>5</id>,<title>A</title>} {<id>6</id>,<title>B</title>}", 5, "A", null],
		["{<id>5</id>} {<id>6</id>,<title>B</title>}", 5, null, "no-title"],
		["<title>B</title> {<id>5</id>,<title>A</title>}", 5, "A", null],
		["<title>B</title>{<id>5</id>}", 5, null, "no-title"],
		["{<id>5,<title>A</title>} {<id>6</id>}", null, "A", "unclosed-id"],
	])("%s", (text, itemId, title, failure) => {
		expect(parseGeneration(text)).toEqual({ itemId, title, failure });
	});
});
