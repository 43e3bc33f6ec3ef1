import type { Method } from "../planning/methods";

/**
 * A method's colour on light and on dark ground, in every chart, chip and legend. Family by hue, member by lightness:
 * id-based methods blue to green, text-based purple, controls grey, taupe and olive, ours the warm accent. Neighbours
 * differ in lightness as well, so that the set survives deuteranopia, protanopia and grey print.
 */
export const METHOD_COLOURS: Readonly<Record<Method, { light: string; dark: string }>> = {
	popularity: { light: "#6f6f79", dark: "#a4a4af" },
	memory: { light: "#87694a", dark: "#c9ad8c" },
	gru4rec: { light: "#5b86b8", dark: "#86aede" },
	sasrec: { light: "#1b5fa8", dark: "#5fa8ee" },
	bert4rec: { light: "#2a879c", dark: "#63bfd6" },
	nextitnet: { light: "#4f968d", dark: "#8fd0c6" },
	core: { light: "#0b6d52", dark: "#48c79e" },
	recformer: { light: "#8e63c7", dark: "#b795ea" },
	"recformer-query": { light: "#5c3299", dark: "#9a72e0" },
	"ours-no-llm": { light: "#77733f", dark: "#bdb97e" },
	ours: { light: "#c2500c", dark: "#ff9450" },
	"ours-plus": { light: "#7d2a06", dark: "#ffcaa3" },
};
