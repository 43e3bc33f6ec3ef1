import { METHODS } from "@atelier/core";

export type MarkerShape =
	| "circle"
	| "square"
	| "diamond"
	| "triangle"
	| "triangle-down"
	| "cross"
	| "star"
	| "pentagon";

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
 * blue to green, text-based purple, controls grey and taupe, ours the warm accent. Neighbours differ in lightness and
 * marker as well, so that the set survives deuteranopia, protanopia and grey print.
 */
const LOOKS = {
	popularity: { light: "#6f6f79", dark: "#a4a4af", marker: "square" },
	memory: { light: "#87694a", dark: "#c9ad8c", marker: "diamond" },
	gru4rec: { light: "#5b86b8", dark: "#86aede", marker: "cross" },
	sasrec: { light: "#1b5fa8", dark: "#5fa8ee", marker: "circle" },
	bert4rec: { light: "#2f8fa6", dark: "#63bfd6", marker: "pentagon" },
	nextitnet: { light: "#5fa39a", dark: "#8fd0c6", marker: "triangle-down" },
	core: { light: "#0b7d5e", dark: "#48c79e", marker: "triangle" },
	recformer: { light: "#8e63c7", dark: "#b795ea", marker: "square" },
	"recformer-query": { light: "#5c3299", dark: "#9a72e0", marker: "diamond" },
	ours: { light: "#c2500c", dark: "#ff9450", marker: "star" },
} as const satisfies Record<string, Pick<MethodLook, "light" | "dark" | "marker">>;

/** Methods of the paper that this version shows beside its own and does not run. */
const PAPER_ONLY: Record<string, { title: string; note: string }> = {
	gru4rec: { title: "GRU4Rec", note: "Hidasi et al. 2016" },
	bert4rec: { title: "BERT4Rec", note: "Sun et al. 2019" },
	nextitnet: { title: "NextItNet", note: "Yuan et al. 2019" },
	recformer: { title: "Recformer", note: "Li et al. 2023" },
	"recformer-query": { title: "Recformer w/ query", note: "Recformer with the search query" },
};

const isStyled = (method: string): method is keyof typeof LOOKS => Object.hasOwn(LOOKS, method);

/** Look of a method; an unknown one is shown by its id in the controls' grey. */
export function methodLook(method: string): MethodLook {
	const words = METHODS.find(({ id }) => id === method) ?? PAPER_ONLY[method] ?? { title: method, note: "" };
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

const ORDER: readonly string[] = Object.keys(LOOKS);

/** Place of a method in a table and in drawing order: the paper's, an unknown one before ours, ours last and on top. */
export function methodPlace(method: string): number {
	if (method === "ours") return ORDER.length;
	const place = ORDER.indexOf(method);
	return place === -1 ? ORDER.length - 1 : place;
}
