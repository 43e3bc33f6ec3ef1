import { z } from "zod";
import { hasHidden } from "../text/visible-text";
import { findMethod, isMethod, type MarkerShape, METHOD_IDS, METHODS } from "./methods";

// A method that was run elsewhere and whose results were imported. Its name is data: it has no record among METHODS, and
// whoever shows or lists methods asks here, where both kinds are answered.

/** In front of an outside method's name, wherever methods go by their ids. */
const MARK = "outside:";

/** What people may call a method. It begins as no formula does, and two names that look alike are alike. */
export const outsideName = z
	.string()
	.transform((name) => name.normalize("NFC").trim())
	.pipe(
		z
			.string()
			.min(1, "wants a name")
			.max(60, "wants at most 60 characters")
			.regex(/^[\p{L}\p{N}]/u, "must begin with a letter or a digit")
			.refine((name) => !hasHidden(name), "holds characters that cannot be seen")
			.refine((name) => !/\s{2}|[^\S ]/u.test(name), "has one plain blank between words")
			.refine((name) => !isMethod(name) && !METHODS.some(({ title }) => title === name), {
				message: "is the name of a method that Atelier runs itself: say what differs, as in SASRec (RecBole)",
			}),
	);

export function outsideMethod(name: string): string {
	return `${MARK}${name}`;
}

export function isOutside(method: string): boolean {
	return method.startsWith(MARK);
}

/** What a method is called in tables, charts and texts; an outside one is said to be one. Unknown ids stay as they are. */
export function methodTitle(method: string): string {
	if (isOutside(method)) return `${method.slice(MARK.length)} (outside)`;
	return findMethod(method)?.title ?? method;
}

/** Table order: the methods that Atelier runs, ours last, then the outside ones among `found` by their names. */
export function methodsInOrder(found: Iterable<string>): string[] {
	return [...METHOD_IDS, ...outsideAmong(found)];
}

/** The outside methods among `found`, each once, by their names. */
export function outsideAmong(found: Iterable<string>): string[] {
	return [...new Set(found)].filter(isOutside).sort((a, b) => a.localeCompare(b, "en"));
}

/** Titles in table order: of every method that Atelier runs, and of the outside ones among `found`. */
export function methodTitles(found: Iterable<string>): Map<string, string> {
	return new Map(methodsInOrder(found).map((method) => [method, methodTitle(method)]));
}

export interface MethodStyle {
	/** Names the colour in style sheets. */
	key: string;
	colour: { light: string; dark: string };
	marker: MarkerShape;
}

/** Of outside methods: a hue that no family of ours has, in steps of lightness. */
export const OUTSIDE_COLOURS: readonly MethodStyle["colour"][] = [
	{ light: "#a8236f", dark: "#f27bb9" },
	{ light: "#d1478f", dark: "#ffb0d6" },
	{ light: "#7a1850", dark: "#d95a9d" },
	{ light: "#b65c86", dark: "#e8a3c2" },
];
const OUTSIDE_MARKERS: readonly MarkerShape[] = [
	...(["pentagon", "diamond", "triangle", "square", "plus", "hexagon"] as const),
	...(["triangle-down", "circle", "cross", "star"] as const),
];

/** How a method is drawn. An outside one has what its name gives, the same everywhere and always; an unknown one is grey. */
export function methodStyle(method: string): MethodStyle {
	const [first] = METHODS;
	if (!isOutside(method)) {
		const { id, colour, marker } = findMethod(method) ?? first;
		return { key: id, colour, marker };
	}
	const sum = Array.from(method).reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7);
	const place = sum % OUTSIDE_COLOURS.length;
	const marker = OUTSIDE_MARKERS[Math.floor(sum / OUTSIDE_COLOURS.length) % OUTSIDE_MARKERS.length] ?? first.marker;
	return { key: `outside-${place}`, colour: OUTSIDE_COLOURS[place] ?? first.colour, marker };
}
