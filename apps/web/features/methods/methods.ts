import { METHOD_COLOURS, METHODS, type Method } from "@atelier/core";

export type MarkerShape =
	| "circle"
	| "square"
	| "diamond"
	| "triangle"
	| "triangle-down"
	| "cross"
	| "plus"
	| "pentagon"
	| "hexagon"
	| "bar"
	| "star"
	| "sparkle";

export interface MethodLook {
	title: string;
	/** What it is, in a few words; for hovers. */
	note: string;
	light: string;
	dark: string;
	marker: MarkerShape;
}

/** A shape of its own for each method, since colour alone is not enough; the colours are core's. */
const MARKERS: Readonly<Record<Method, MarkerShape>> = {
	popularity: "square",
	memory: "diamond",
	gru4rec: "cross",
	sasrec: "circle",
	bert4rec: "pentagon",
	nextitnet: "triangle-down",
	core: "triangle",
	recformer: "plus",
	"recformer-query": "hexagon",
	"ours-no-llm": "bar",
	ours: "star",
	"ours-plus": "sparkle",
};

const isStyled = (method: string): method is Method => Object.hasOwn(MARKERS, method);

/** Look of a method; an unknown one is shown by its id in the controls' grey. */
export function methodLook(method: string): MethodLook {
	const words = METHODS.find(({ id }) => id === method) ?? { title: method, note: "" };
	const styled = isStyled(method) ? method : "popularity";
	return { title: words.title, note: words.note, ...METHOD_COLOURS[styled], marker: MARKERS[styled] };
}

/** CSS colour of a method in the current theme. */
export function methodColour(method: string): string {
	return `var(--method-${isStyled(method) ? method : "popularity"})`;
}

/** The custom properties that {@link methodColour} names, for both themes; put once into the document's head. */
export function methodStyleSheet(): string {
	const block = (theme: "light" | "dark") =>
		Object.entries(METHOD_COLOURS)
			.map(([method, look]) => `--method-${method}:${look[theme]}`)
			.join(";");
	return `:root{${block("light")}}.dark{${block("dark")}}`;
}

/** What a table says beside a method that the paper does not compare; null for the paper's own. */
export function methodRole(method: string): { label: string; note: string } | null {
	if (method === "ours-plus")
		return { label: "beyond the paper", note: "Ours, not the paper's: no figure of it there." };
	const isControl = METHODS.some(({ id, family }) => id === method && family === "control");
	return isControl ? { label: "control", note: "A floor to beat; the paper has no such row." } : null;
}

const ORDER: readonly string[] = METHODS.map(({ id }) => id);

/** Place of a method in a table and in drawing order: the paper's, an unknown one before ours, ours last and on top. */
export function methodPlace(method: string): number {
	const place = ORDER.indexOf(method);
	return place === -1 ? ORDER.indexOf("ours") - 0.5 : place;
}
