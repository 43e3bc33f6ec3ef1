import { METHODS, type Method } from "@atelier/core";

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

/**
 * A method's colour and marker in every chart, chip and legend. Family by hue, member by lightness: id-based methods
 * blue to green, text-based purple, controls grey, taupe and olive, ours the warm accent. Neighbours differ in lightness
 * and marker as well, so that the set survives deuteranopia, protanopia and grey print.
 */
const LOOKS = {
	popularity: { light: "#6f6f79", dark: "#a4a4af", marker: "square" },
	memory: { light: "#87694a", dark: "#c9ad8c", marker: "diamond" },
	gru4rec: { light: "#5b86b8", dark: "#86aede", marker: "cross" },
	sasrec: { light: "#1b5fa8", dark: "#5fa8ee", marker: "circle" },
	bert4rec: { light: "#2a879c", dark: "#63bfd6", marker: "pentagon" },
	nextitnet: { light: "#4f968d", dark: "#8fd0c6", marker: "triangle-down" },
	core: { light: "#0b6d52", dark: "#48c79e", marker: "triangle" },
	recformer: { light: "#8e63c7", dark: "#b795ea", marker: "plus" },
	"recformer-query": { light: "#5c3299", dark: "#9a72e0", marker: "hexagon" },
	"ours-no-llm": { light: "#77733f", dark: "#bdb97e", marker: "bar" },
	ours: { light: "#c2500c", dark: "#ff9450", marker: "star" },
	"ours-plus": { light: "#7d2a06", dark: "#ffcaa3", marker: "sparkle" },
} as const satisfies Record<Method, Pick<MethodLook, "light" | "dark" | "marker">>;

const isStyled = (method: string): method is keyof typeof LOOKS => Object.hasOwn(LOOKS, method);

/** Look of a method; an unknown one is shown by its id in the controls' grey. */
export function methodLook(method: string): MethodLook {
	const words = METHODS.find(({ id }) => id === method) ?? { title: method, note: "" };
	return { title: words.title, note: words.note, ...LOOKS[isStyled(method) ? method : "popularity"] };
}

/** CSS colour of a method in the current theme. */
export function methodColour(method: string): string {
	return `var(--method-${isStyled(method) ? method : "popularity"})`;
}

/** The custom properties that {@link methodColour} names, for both themes; put once into the document's head. */
export function methodStyleSheet(): string {
	const block = (theme: "light" | "dark") =>
		Object.entries(LOOKS)
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
