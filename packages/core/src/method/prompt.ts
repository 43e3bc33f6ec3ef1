import { candidateLetter, type IdForm, type IdText } from "./id-form";
import type { PromptTemplate, TemplateProduct } from "./templates";

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
	candidates: readonly PromptItem[];
	idForm: IdForm;
	idText: IdText;
	attributes: boolean;
	withCandidates: boolean;
	/** Events of the history that are written at most: the last search, and those that the template keeps first. */
	maxEvents: number;
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
	/** Interactions left out for the budget: those that the template keeps last, usually the oldest. */
	droppedEvents: number;
	segments: PromptSegment[];
}

/**
 * A shopper's history as an instruction prompt (paper, section 4.2 and Figure 3). Within the budget the
 * interactions that the template keeps last go first; instruction, last query and candidates always stay, even where they alone are too long.
 */
export function buildPrompt(request: PromptRequest): BuiltPrompt {
	const { template, attributes, withCandidates, idForm, idText } = request;
	const switches = { attributes, withCandidates };
	const before: Piece[] = [
		...(template.preface === "" ? [] : [{ text: template.preface, part: "preface" as const }, { text: "\n" }]),
		{ text: "### Instruction: " },
		{ text: template.taskDescription(switches), part: "task" },
		{ text: " " },
		{ text: template.executionRequirement(switches), part: "execution" },
		{ text: " " },
		{ text: template.formatIndicator, part: "format" },
		{ text: "\n### Input: " },
	];
	const asProduct = (item: PromptItem, id: string | null) => templateProduct(template, attributes, item, id);
	const areLabels = idForm === "letter";
	const offered = request.candidates.map((item, place) =>
		asProduct(item, areLabels ? candidateLetter(place) : idText(item.itemId)),
	);
	const after: Piece[] = [
		...(withCandidates
			? [{ text: " " }, { text: template.candidates(offered, areLabels), part: "candidates" as const }]
			: []),
		{ text: "\n### Response: " },
	];
	const fixed = [...before, ...after].reduce((sum, piece) => sum + piece.text.length, 0);
	const budget = Math.floor(request.maxTokens * request.charsPerToken) - fixed;
	const phraseOf: PhraseOf = (event, productsBefore) =>
		event.action === "search"
			? template.search(plainText(event.query))
			: template.product(
					event.action,
					asProduct(event.item, areLabels ? null : idText(event.item.itemId)),
					productsBefore < template.fullProducts,
				);
	const order = ORDERS[template.keeps](request.history);
	const limits = { budget, joint: template.joint, events: request.maxEvents };
	const kept = phrasesWithin(request.history, order, phraseOf, limits);
	const sentence = kept.length === 0 ? NOTHING : `${OPENING}${kept.join(template.joint)}.`;
	const pieces: Piece[] = [...before, { text: sentence, part: "history" }, ...after];
	return { ...assemble(pieces), droppedEvents: request.history.length - kept.length };
}

/** What the model is to answer; no end token. `id` as {@link answerId} gives it; null leaves its place empty. */
export function buildResponse({ id, title }: { id: string | null; title: string }): string {
	return `{<id>${id ?? ""}</id>,<title>${plainText(title)}</title>}`;
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
const NOTHING = "User has no interactions yet.";

/** `productsBefore`: how many products were kept before this event. */
type PhraseOf = (event: PromptEvent, productsBefore: number) => string;

const ORDERS: Record<PromptTemplate["keeps"], (history: readonly PromptEvent[]) => Iterable<number>> = {
	newest: newestFirst,
	matching: matchingFirst,
};

function templateProduct(
	template: PromptTemplate,
	attributes: boolean,
	item: PromptItem,
	id: string | null,
): TemplateProduct {
	const keys = attributes ? template.attributeKeys.filter((key) => item.attributes[key] !== undefined) : [];
	return {
		id,
		title: plainText(item.title),
		attributes: keys.map((key) => [key, plainText(item.attributes[key] ?? "")] as const),
	};
}

/** Phrases of the interactions to keep, oldest first: those that stand first in `order`, for as long as they fit. */
function phrasesWithin(
	history: readonly PromptEvent[],
	order: Iterable<number>,
	phraseOf: PhraseOf,
	{ budget, joint, events }: { budget: number; joint: string; events: number },
): string[] {
	const lastSearch = history.findLastIndex((event) => event.action === "search");
	const searchEvent = history[lastSearch];
	const cost = (text: string) => text.length + joint.length;
	// The sentence has one joint less than phrases, and an opening and a full stop.
	let left = budget - (OPENING.length + 1 - joint.length);
	let places = events;
	let products = 0;
	const kept: { index: number; text: string }[] = [];
	if (searchEvent !== undefined) {
		const text = phraseOf(searchEvent, 0);
		kept.push({ index: lastSearch, text });
		left -= cost(text);
		places -= 1;
	}
	for (const index of order) {
		const event = history[index];
		if (event === undefined || index === lastSearch) continue;
		const text = phraseOf(event, products);
		left -= cost(text);
		places -= 1;
		if (left < 0 || places < 0) break;
		kept.push({ index, text });
		if (event.action !== "search") products += 1;
	}
	return kept.sort((one, other) => one.index - other.index).map(({ text }) => text);
}

function* newestFirst(history: readonly PromptEvent[]): Iterable<number> {
	for (let index = history.length - 1; index >= 0; index -= 1) yield index;
}

/**
 * The newest product, then those that share most words with the last search, then all others, each newest first. Of a
 * product's interactions only the newest counts.
 */
function matchingFirst(history: readonly PromptEvent[]): number[] {
	const search = history.findLast((event) => event.action === "search");
	const wanted = search === undefined ? [] : [...new Set(wordsOf(search.query))];
	const seen = new Set<number>();
	const ranked: { index: number; matches: number }[] = [];
	for (const index of newestFirst(history)) {
		const event = history[index];
		if (event === undefined) continue;
		if (event.action === "search") {
			ranked.push({ index, matches: 0 });
			continue;
		}
		if (seen.has(event.item.itemId)) continue;
		const isNewest = seen.size === 0;
		seen.add(event.item.itemId);
		const words = wordsOfItem(event.item);
		const matches = wanted.filter((word) => words.has(word)).length;
		ranked.push({ index, matches: isNewest ? Number.POSITIVE_INFINITY : matches });
	}
	// Sorting is stable: of equals, the newest stays first.
	return ranked.sort((one, other) => other.matches - one.matches || other.index - one.index).map(({ index }) => index);
}

/** An item stands in many histories, and its words are always the same. */
const itemWords = new WeakMap<PromptItem, ReadonlySet<string>>();

function wordsOfItem(item: PromptItem): ReadonlySet<string> {
	const known = itemWords.get(item);
	if (known !== undefined) return known;
	const words = new Set(wordsOf([item.title, ...Object.values(item.attributes)].join(" ")));
	itemWords.set(item, words);
	return words;
}

function wordsOf(text: string): string[] {
	return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
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
