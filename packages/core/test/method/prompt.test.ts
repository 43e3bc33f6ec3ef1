import { expect, test } from "vitest";
import {
	answerId,
	buildPrompt,
	buildResponse,
	candidateLetter,
	letterPlace,
	PROMPT_TEMPLATES,
	type PromptEvent,
	type PromptRequest,
} from "../../src";

const blouse = {
	itemId: 41,
	title: 'Timeson <Black> Tunic\n5" Tops',
	attributes: { color: "Black", category: "Blouses", season: "Summer", holiday: "", material: "chiffon" },
};
const history: PromptEvent[] = [
	{ action: "click", item: { itemId: 7, title: "Old shoe", attributes: {} } },
	{ action: "search", query: "sleeveless <blouses> for women" },
	{ action: "click", item: blouse },
	{ action: "purchase", item: { itemId: 8, title: "Belt", attributes: {} } },
];
const request: PromptRequest = {
	template: PROMPT_TEMPLATES["paper-1"],
	history,
	candidates: [73818, 6878, 3].map((itemId) => ({ itemId, title: `Candidate ${itemId}`, attributes: {} })),
	idForm: "plain",
	idText: String,
	maxEvents: 50,
	attributes: true,
	withCandidates: true,
	maxTokens: 1_000,
	charsPerToken: 4,
};

test("the prompt has the shape of the paper's figure", () => {
	const { prompt, droppedEvents } = buildPrompt(request);
	expect(droppedEvents).toBe(0);
	expect(prompt).toMatch(/^Below is an instruction .*\n### Instruction: Given the sequence .*\n### Input: User /);
	expect(prompt.split("### Input: ")[1]).toBe(
		'User click product {"id": "7", "title": "Old shoe"}, then search keyword <sleeveless (blouses) for women>, then ' +
			'click product {"id": "41", "title": "Timeson (Black) Tunic 5\'\' Tops", "category": "Blouses", "color": "Black", ' +
			'"season": "Summer", "holiday": ""}, then purchase product {"id": "8", "title": "Belt"}. ' +
			"Candidate product ids:[73818,6878,3].\n### Response: ",
	);
});

test("segments name every part of the prompt in order", () => {
	const { prompt, segments } = buildPrompt(request);
	const texts = Object.fromEntries(segments.map(({ part, start, end }) => [part, prompt.slice(start, end)]));
	expect(segments.map(({ part }) => part)).toEqual(["preface", "task", "execution", "format", "history", "candidates"]);
	expect(texts.task).toMatch(/^Given .* purchase\.$/);
	expect(texts.execution).toMatch(/^Take into account .* provided in the input\.$/);
	expect(texts.format).toMatch(/^Directly predict .* format\.$/);
	expect(texts.history).toMatch(/^User click .*\}\.$/);
	expect(texts.candidates).toBe("Candidate product ids:[73818,6878,3].");
});

test("switched off, attributes and candidates are neither shown nor spoken of", () => {
	const { prompt } = buildPrompt({ ...request, attributes: false, withCandidates: false });
	expect(prompt).not.toMatch(/attribute|candidate|color/i);
	expect(prompt).toContain('{"id": "41", "title": "Timeson (Black) Tunic 5\'\' Tops"}');
});

test("within the budget the oldest interactions go first and the last query stays", () => {
	const full = buildPrompt(request).prompt.length;
	const withBudget = (characters: number) => buildPrompt({ ...request, maxTokens: characters, charsPerToken: 1 });
	expect(withBudget(full)).toMatchObject({ droppedEvents: 0 });
	const one = withBudget(full - 1);
	expect(one.droppedEvents).toBe(1);
	expect(one.prompt).not.toContain("Old shoe");
	expect(one.prompt).toContain("User search keyword");
	// The blouse is older than the belt and goes next, although the search before it stays.
	const two = withBudget(one.prompt.length - 1);
	expect(two).toMatchObject({ droppedEvents: 2 });
	expect(two.prompt).toContain(
		'User search keyword <sleeveless (blouses) for women>, then purchase product {"id": "8", "title": "Belt"}. Candidate',
	);
	const none = withBudget(1);
	expect(none.droppedEvents).toBe(3);
	expect(none.prompt).toContain(
		"User search keyword <sleeveless (blouses) for women>. Candidate product ids:[73818,6878,3].",
	);
});

test("no prompt is longer than a budget that the parts which always stay fit in", () => {
	const least = buildPrompt({ ...request, maxTokens: 1, charsPerToken: 1 }).prompt.length;
	for (let budget = least; budget < least + 400; budget += 1) {
		expect(buildPrompt({ ...request, maxTokens: budget, charsPerToken: 1 }).prompt.length).toBeLessThanOrEqual(budget);
	}
});

test("an empty history still makes a prompt", () => {
	expect(buildPrompt({ ...request, history: [] }).prompt).toContain(
		"### Input: User has no interactions yet. Candidate",
	);
});

test("no more events are written than asked for, and the last query counts among them", () => {
	const { prompt, droppedEvents } = buildPrompt({ ...request, maxEvents: 2 });
	expect(droppedEvents).toBe(2);
	expect(prompt).toContain(
		'User search keyword <sleeveless (blouses) for women>, then purchase product {"id": "8", "title": "Belt"}. Candidate',
	);
	expect(buildPrompt({ ...request, maxEvents: 1 }).droppedEvents).toBe(3);
});

test("the compact template writes older products by title, and of attributes what titles lack", () => {
	const item = (itemId: number, title: string, attributes = {}) => ({ itemId, title, attributes });
	const { prompt, segments } = buildPrompt({
		...request,
		template: PROMPT_TEMPLATES["compact-1"],
		history: [
			{ action: "purchase", item: item(1, "Wool scarf", { color: "Red" }) },
			{ action: "search", query: "boots" },
			{ action: "click", item: item(2, "Black ankle-boot, M", { color: "black", size: "M", brand: "Nord" }) },
			{ action: "click", item: item(3, "Blackbird boot", { color: "Black", season: "", holiday: "None" }) },
			{ action: "purchase", item: item(4, "Belt") },
		],
		candidates: [item(5, "Snow boot", { color: "White", occasion: "white" }), item(6, "Sock")],
	});
	expect(prompt).toMatch(/^### Instruction: Recommend /);
	expect(prompt.split("### Input: ")[1]).toBe(
		"User bought Wool scarf; searched <boots>; clicked 2: Black ankle-boot, M [Nord]; " +
			"clicked 3: Blackbird boot [Black, None]; bought 4: Belt. " +
			"Candidates:\n5: Snow boot [White]\n6: Sock\n### Response: ",
	);
	expect(segments.map(({ part }) => part)).toEqual(["task", "execution", "format", "history", "candidates"]);
});

test("compact-2 writes products as they are answered, and what answers the last search last, however old it is", () => {
	const item = (itemId: number, title: string, attributes = {}) => ({ itemId, title, attributes });
	const snowBoots = item(2, "Snow boots", { brand: "Nord" });
	const history: PromptEvent[] = [
		{ action: "search", query: "boots" },
		{ action: "purchase", item: item(1, "Chelsea") },
		{ action: "click", item: snowBoots },
		{ action: "search", query: "scarf" },
		{ action: "purchase", item: item(3, "Scarf") },
		{ action: "search", query: "Boots " },
		{ action: "click", item: snowBoots },
	];
	const input = (maxEvents: number, withCandidates = true) => {
		const built = buildPrompt({
			...request,
			template: PROMPT_TEMPLATES["compact-2"],
			history,
			candidates: [item(5, "Moon boot", { color: "White" })],
			withCandidates,
			maxEvents,
		});
		return { ...built, text: built.prompt.split("### Input: ")[1] };
	};
	const bootsOnly =
		"User searched <Boots>; bought {<id>1</id>,<title>Chelsea</title>}; " +
		"clicked {<id>2</id>,<title>Snow boots</title>} [Nord].\n### Response: ";
	expect(input(3, false).text).toBe(bootsOnly);
	const whole = input(9);
	expect(whole.text).toBe(
		"Candidates:\n5: Moon boot [White]\nUser searched <scarf>; bought {<id>3</id>,<title>Scarf</title>}; " +
			bootsOnly.replace("User ", ""),
	);
	expect(whole.droppedEvents).toBe(2);
	expect(whole.segments.map(({ part }) => part)).toEqual(["task", "execution", "format", "candidates", "history"]);
	for (const { start, end } of whole.segments) expect(whole.prompt.slice(start, end)).not.toMatch(/^\s|\s$/);
});

test("compact-2 tells a history without a search as it was", () => {
	const history = request.history.filter(({ action }) => action !== "search");
	const { prompt } = buildPrompt({ ...request, template: PROMPT_TEMPLATES["compact-2"], history });
	expect(prompt).toMatch(/User (clicked|bought) .*Belt.*\.\n### Response: $/);
});

test("the compact instruction is about fifty tokens", () => {
	const { segments, prompt } = buildPrompt({ ...request, template: PROMPT_TEMPLATES["compact-1"] });
	const instruction = segments.filter(({ part }) => ["task", "execution", "format"].includes(part));
	const words = instruction.map(({ start, end }) => prompt.slice(start, end)).join(" ");
	// Words and marks: no tokenizer makes fewer tokens of such a text, and those of the presets make few more.
	expect(words.match(/\w+|[^\w\s]/g)?.length).toBeLessThan(55);
});

test("family ids stand wherever an id stands", () => {
	const { prompt } = buildPrompt({ ...request, idForm: "family", idText: (itemId) => `${itemId}-1` });
	expect(prompt).toContain('purchase product {"id": "8-1", "title": "Belt"}');
	expect(prompt).toContain("Candidate product ids:[73818-1,6878-1,3-1].");
	expect(answerId({ idForm: "family", idText: (itemId) => `${itemId}-1`, candidates: [], itemId: 8 })).toBe("8-1");
});

test("under letters only candidates carry a label, with their titles in every template", () => {
	const letters = { ...request, idForm: "letter" as const };
	const paper = buildPrompt(letters).prompt;
	expect(paper).toContain('purchase product {"title": "Belt"}');
	expect(paper).toContain(
		'[A {"title": "Candidate 73818"}, B {"title": "Candidate 6878"}, C {"title": "Candidate 3"}]',
	);
	const compact = buildPrompt({ ...letters, template: PROMPT_TEMPLATES["compact-1"] }).prompt;
	expect(compact).toContain("bought Belt.");
	expect(compact).toContain("\nA: Candidate 73818\nB: Candidate 6878\nC: Candidate 3\n");
});

test("under letters an item that is no candidate cannot be answered", () => {
	const answer = (itemId: number) => answerId({ idForm: "letter", idText: String, candidates: [9, 4], itemId });
	expect([answer(9), answer(4), answer(5)]).toEqual(["A", "B", null]);
	expect(buildResponse({ id: answer(5), title: "Boot" })).toBe("{<id></id>,<title>Boot</title>}");
});

test("labels go on after Z and are read back", () => {
	expect([0, 25, 26, 51, 52, 701, 702].map(candidateLetter)).toEqual(["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
	for (let place = 0; place < 1_000; place += 1) expect(letterPlace(candidateLetter(place))).toBe(place);
	expect(letterPlace("4")).toBeNull();
});

test.each([
	["paper-1", [101, 102, 103, 104], /"id": "(\d+)"/g],
	["compact-1", [102, 103, 104], /(\d+): Shoe/g],
	["compact-2", [101, 102, 103, 104], /<id>(\d+)<\/id>/g],
] as const)("%s tells of the products whose ids it writes", (template, ids, written) => {
	const shoes = [101, 102, 103, 104].map(
		(itemId): PromptEvent => ({ action: "click", item: { itemId, title: "Shoe", attributes: {} } }),
	);
	const built = buildPrompt({ ...request, template: PROMPT_TEMPLATES[template], history: shoes, candidates: [] });
	expect(built.told.map(({ itemId }) => itemId)).toEqual(ids);
	expect([...built.prompt.matchAll(written)].map(([, id]) => Number(id))).toEqual(ids);
	expect(buildPrompt({ ...request, maxEvents: 1, history: shoes }).told.map(({ itemId }) => itemId)).toEqual([104]);
});
