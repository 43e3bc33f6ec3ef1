import { expect, test } from "vitest";
import { buildPrompt, PROMPT_TEMPLATES, type PromptEvent, type PromptRequest } from "../../src";

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
	candidates: [73818, 6878, 3],
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
