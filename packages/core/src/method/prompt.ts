import { candidateLetter, type IdForm, type IdText } from "./id-form";
import { plainText } from "./plain-text";
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
	/** Events of the history that are written at most, the newest and the last search. */
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
	/** Interactions that are not written: those left out for the budget, the oldest first, and those told by a newer one. */
	droppedEvents: number;
	/** Products of the history that are written in full, with their ids (but under `letter`) and attributes. */
	told: PromptItem[];
	segments: PromptSegment[];
}

/**
 * A shopper's history as an instruction prompt (paper, section 4.2 and Figure 3). Within the budget the oldest
 * interactions go first; instruction, last query and candidates always stay, even where they alone are too long.
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
	const candidates: Piece | null = withCandidates
		? { text: template.candidates(offered, areLabels), part: "candidates" }
		: null;
	if (candidates !== null && template.candidatesFirst) before.push(candidates, { text: "\n" });
	const after: Piece[] = [
		...(candidates === null || template.candidatesFirst ? [] : [{ text: " " }, candidates]),
		{ text: "\n### Response: " },
	];
	const fixed = [...before, ...after].reduce((sum, piece) => sum + piece.text.length, 0);
	const budget = Math.floor(request.maxTokens * request.charsPerToken) - fixed;
	const phraseOf: PhraseOf = (event, newerProducts) => {
		if (event.action === "search") return { text: template.search(plainText(event.query)), told: null };
		const isFull = newerProducts < template.fullProducts;
		const product = asProduct(event.item, areLabels ? null : idText(event.item.itemId));
		return { text: template.product(event.action, product, isFull), told: isFull ? event.item : null };
	};
	const history = template.answersLast ? answersLast(request.history) : request.history;
	const kept = newestWithin(history, phraseOf, { budget, joint: template.joint, events: request.maxEvents });
	const sentence = kept.length === 0 ? NOTHING : `${OPENING}${kept.map(({ text }) => text).join(template.joint)}.`;
	const pieces: Piece[] = [...before, { text: sentence, part: "history" }, ...after];
	return {
		...assemble(pieces),
		droppedEvents: request.history.length - kept.length,
		told: kept.flatMap(({ told }) => (told === null ? [] : [told])),
	};
}

/** What the model is to answer; no end token. `id` as {@link answerId} gives it; null leaves its place empty. */
export function buildResponse({ id, title }: { id: string | null; title: string }): string {
	return `{<id>${id ?? ""}</id>,<title>${plainText(title)}</title>}`;
}

interface Piece {
	text: string;
	part?: PromptPart;
}

const OPENING = "User ";
const NOTHING = "User has no interactions yet.";

/** `told`: the product that it writes in full. */
interface Phrase {
	text: string;
	told: PromptItem | null;
}

/** `newerProducts`: how many products stand after the event. */
type PhraseOf = (event: PromptEvent, newerProducts: number) => Phrase;

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

/**
 * The history in the order in which a template with `answersLast` tells it: what followed other searches, then the last
 * search, then what was clicked or bought after it or after an earlier search for the same. Of a product's interactions
 * the newest alone.
 */
function answersLast(history: readonly PromptEvent[]): readonly PromptEvent[] {
	const lastSearch = history.findLast((event) => event.action === "search");
	if (lastSearch === undefined) return history;
	const wanted = sameQuery(lastSearch.query);
	const newest = new Map(history.map((event, index) => [event.action === "search" ? null : event.item.itemId, index]));
	const others: PromptEvent[] = [];
	const answers: PromptEvent[] = [];
	let isWanted = false;
	for (const [index, event] of history.entries()) {
		if (event.action === "search") {
			isWanted = sameQuery(event.query) === wanted;
			if (!isWanted) others.push(event);
		} else if (newest.get(event.item.itemId) === index) {
			(isWanted ? answers : others).push(event);
		}
	}
	return [...others, lastSearch, ...answers];
}

function sameQuery(query: string): string {
	return plainText(query).toLowerCase();
}

/** Phrases of the longest newest stretch that fits, the last search in front of it where it is older. */
function newestWithin(
	history: readonly PromptEvent[],
	phraseOf: PhraseOf,
	{ budget, joint, events }: { budget: number; joint: string; events: number },
): Phrase[] {
	const lastSearch = history.findLastIndex((event) => event.action === "search");
	const searchEvent = history[lastSearch];
	const search = searchEvent === undefined ? null : phraseOf(searchEvent, 0);
	const cost = ({ text }: Phrase) => text.length + joint.length;
	// The sentence has one joint less than phrases, and an opening and a full stop.
	let left = budget - (OPENING.length + 1 - joint.length) - (search === null ? 0 : cost(search));
	let places = events - (search === null ? 0 : 1);
	let products = 0;
	const newestFirst: Phrase[] = [];
	let index = history.length - 1;
	for (; index >= 0; index -= 1) {
		const event = history[index];
		if (event === undefined) break;
		if (index === lastSearch && search !== null) {
			newestFirst.push(search);
			continue;
		}
		const phrase = phraseOf(event, products);
		left -= cost(phrase);
		places -= 1;
		if (left < 0 || places < 0) break;
		newestFirst.push(phrase);
		if (event.action !== "search") products += 1;
	}
	if (search !== null && index >= lastSearch) newestFirst.push(search);
	return newestFirst.reverse();
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
