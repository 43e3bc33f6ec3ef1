import type { PromptTemplate } from "./templates";

/** A product as a prompt shows it. */
export interface PromptItem {
	itemId: number;
	title: string;
	attributes: Readonly<Record<string, string>>;
}

export type PromptEvent = { action: "search"; query: string } | { action: "click" | "purchase"; item: PromptItem };

export interface PromptRequest {
	template: PromptTemplate;
	/** Oldest first. */
	history: readonly PromptEvent[];
	/** Best first; ignored when `withCandidates` is off. */
	candidates: readonly number[];
	attributes: boolean;
	withCandidates: boolean;
	/** Budget of the prompt in tokens, estimated as characters / `charsPerToken`. */
	maxTokens: number;
	charsPerToken: number;
}

export type PromptPart = "preface" | "task" | "execution" | "format" | "history" | "candidates";

/** A named stretch of the prompt: `prompt.slice(start, end)`. */
export interface PromptSegment {
	part: PromptPart;
	start: number;
	end: number;
}

export interface BuiltPrompt {
	/** Ends with `### Response: `. */
	prompt: string;
	/** Interactions left out for the budget, the oldest first. */
	droppedEvents: number;
	segments: PromptSegment[];
}

/**
 * A shopper's history as an instruction prompt (paper, section 4.2 and Figure 3). Within the budget the oldest
 * interactions go first; instruction, last query and candidates always stay, even where they alone are too long.
 */
export function buildPrompt(request: PromptRequest): BuiltPrompt {
	const { template, attributes, withCandidates } = request;
	const switches = { attributes, withCandidates };
	const before: Piece[] = [
		{ text: template.preface, part: "preface" },
		{ text: "\n### Instruction: " },
		{ text: template.taskDescription(switches), part: "task" },
		{ text: " " },
		{ text: template.executionRequirement(switches), part: "execution" },
		{ text: " " },
		{ text: template.formatIndicator, part: "format" },
		{ text: "\n### Input: " },
	];
	const after: Piece[] = [
		...(withCandidates
			? [
					{ text: " " },
					{ text: `Candidate product ids:[${request.candidates.join(",")}].`, part: "candidates" as const },
				]
			: []),
		{ text: "\n### Response: " },
	];
	const fixed = [...before, ...after].reduce((sum, piece) => sum + piece.text.length, 0);
	const budget = Math.floor(request.maxTokens * request.charsPerToken) - fixed;
	const kept = newestWithin(request.history, (event) => phrase(event, template, attributes), budget);
	const pieces: Piece[] = [...before, { text: sentence(kept), part: "history" }, ...after];
	return { ...assemble(pieces), droppedEvents: request.history.length - kept.length };
}

/** What the model is to answer; no end token. */
export function buildResponse({ itemId, title }: { itemId: number; title: string }): string {
	return `{<id>${itemId}</id>,<title>${plainText(title)}</title>}`;
}

/**
 * Text that cannot be taken for the prompt's own marks, and that reads the same inside JSON and outside: blanks and
 * line breaks become one space, angle brackets round ones, double quotes (inches in titles) two single ones, and
 * backslashes slashes. Prompts, responses and comparisons of titles all pass through it.
 */
export function plainText(text: string): string {
	return text
		.replace(/[\p{Cc}\s]+/gu, " ")
		.replaceAll("<", "(")
		.replaceAll(">", ")")
		.replaceAll('"', "''")
		.replaceAll("\\", "/")
		.trim();
}

interface Piece {
	text: string;
	part?: PromptPart;
}

const OPENING = "User ";
const JOINT = ", then ";
const NOTHING = "User has no interactions yet.";

function phrase(event: PromptEvent, template: PromptTemplate, attributes: boolean): string {
	if (event.action === "search") return `search keyword <${plainText(event.query)}>`;
	const { item } = event;
	const keys = attributes ? template.attributeKeys.filter((key) => item.attributes[key] !== undefined) : [];
	const fields: [string, string][] = [
		["id", String(item.itemId)],
		["title", item.title],
		...keys.map((key): [string, string] => [key, item.attributes[key] ?? ""]),
	];
	return `${event.action} product {${fields.map(([key, value]) => `"${key}": "${plainText(value)}"`).join(", ")}}`;
}

/** Phrases of the longest newest stretch that fits, the last search in front of it where it is older. */
function newestWithin(
	history: readonly PromptEvent[],
	phraseOf: (event: PromptEvent) => string,
	budget: number,
): string[] {
	const lastSearch = history.findLastIndex((event) => event.action === "search");
	const searchEvent = history[lastSearch];
	const search = searchEvent === undefined ? null : phraseOf(searchEvent);
	const cost = (text: string) => text.length + JOINT.length;
	// The sentence has one joint less than phrases, and an opening and a full stop.
	let left = budget - (OPENING.length + 1 - JOINT.length) - (search === null ? 0 : cost(search));
	const newestFirst: string[] = [];
	let index = history.length - 1;
	for (; index >= 0; index -= 1) {
		const event = history[index];
		if (event === undefined) break;
		const text = index === lastSearch && search !== null ? search : phraseOf(event);
		if (index !== lastSearch) left -= cost(text);
		if (left < 0 && index !== lastSearch) break;
		newestFirst.push(text);
	}
	if (search !== null && index >= lastSearch) newestFirst.push(search);
	return newestFirst.reverse();
}

function sentence(phrases: readonly string[]): string {
	return phrases.length === 0 ? NOTHING : `${OPENING}${phrases.join(JOINT)}.`;
}

function assemble(pieces: readonly Piece[]): { prompt: string; segments: PromptSegment[] } {
	let prompt = "";
	const segments: PromptSegment[] = [];
	for (const { text, part } of pieces) {
		const start = prompt.length;
		prompt += text;
		if (part !== undefined) segments.push({ part, start, end: prompt.length });
	}
	return { prompt, segments };
}
