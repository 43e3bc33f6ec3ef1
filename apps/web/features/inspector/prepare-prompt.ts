import { PROMPT_TEMPLATES, type PromptPart, type PromptTemplate } from "@atelier/core";

/** A stretch of a prompt; `part` is null for the marks between the parts. */
export interface PromptStretch {
	part: PromptPart | "instruction" | null;
	text: string;
}

const INSTRUCTION = "### Instruction: ";
const INPUT = "\n### Input: ";
const RESPONSE = "\n### Response: ";
/** Ids or products in brackets, or a line for each product. No text inside the prompt holds these marks (`plainText`). */
const CANDIDATES_LAST = /(?:Candidate product ids:\[[^\n]*\]\.|Candidates:(?:\n[^\n]*)*)$/;
/** A line for each product, and below them the history, which has one line. */
const CANDIDATES_FIRST = /^Candidates:(?:\n[^\n]*)*(?=\n)/;

/**
 * A stored prompt cut into its named parts; the stretches together are the prompt. The marks cannot stand in a title or
 * a query, since those hold no line breaks. An instruction of no known template stays whole, as `instruction`; a text
 * without the marks comes back as one stretch.
 */
export function preparePrompt(prompt: string): PromptStretch[] {
	// At the very beginning where the template has no preface, else on a line of its own.
	const isFirst = prompt.startsWith(INSTRUCTION);
	const mark = isFirst ? INSTRUCTION : `\n${INSTRUCTION}`;
	const instructionAt = prompt.indexOf(mark);
	const inputAt = prompt.indexOf(INPUT, instructionAt);
	const responseAt = prompt.lastIndexOf(RESPONSE);
	if (instructionAt === -1 || inputAt === -1 || responseAt < inputAt) return [{ part: null, text: prompt }];
	const input = prompt.slice(inputAt + INPUT.length, responseAt);
	const stretches: PromptStretch[] = [
		{ part: "preface", text: prompt.slice(0, instructionAt) },
		{ part: null, text: mark },
		...cutInstruction(prompt.slice(instructionAt + mark.length, inputAt)),
		{ part: null, text: INPUT },
		...cutInput(input),
		{ part: null, text: prompt.slice(responseAt) },
	];
	return stretches.filter(({ text }) => text !== "");
}

function cutInput(input: string): PromptStretch[] {
	const first = CANDIDATES_FIRST.exec(input)?.[0];
	if (first !== undefined) {
		return [
			{ part: "candidates", text: first },
			{ part: null, text: "\n" },
			{ part: "history", text: input.slice(first.length + 1) },
		];
	}
	const last = CANDIDATES_LAST.exec(input)?.[0];
	if (last === undefined) return [{ part: "history", text: input }];
	return [
		{ part: "history", text: input.slice(0, -last.length - 1) },
		{ part: null, text: " " },
		{ part: "candidates", text: last },
	];
}

const SWITCHES = [true, false].flatMap((attributes) =>
	[true, false].map((withCandidates) => ({ attributes, withCandidates })),
);

function cutInstruction(instruction: string): PromptStretch[] {
	const templates: PromptTemplate[] = Object.values(PROMPT_TEMPLATES);
	for (const template of templates) {
		for (const switches of SWITCHES) {
			const task = template.taskDescription(switches);
			const execution = template.executionRequirement(switches);
			const format = template.formatIndicator;
			if (instruction !== `${task} ${execution} ${format}`) continue;
			return [
				{ part: "task", text: task },
				{ part: null, text: " " },
				{ part: "execution", text: execution },
				{ part: null, text: " " },
				{ part: "format", text: format },
			];
		}
	}
	return [{ part: "instruction", text: instruction }];
}

/** Numbers in a text apart from what stands between them, so that one of them can be marked. */
export function cutNumbers(text: string): { text: string; number: number | null }[] {
	return text
		.split(/(\d+)/)
		.filter((piece) => piece !== "")
		.map((piece) => ({ text: piece, number: /^\d+$/.test(piece) ? Number(piece) : null }));
}
