import type { BaselineModel } from "../contracts";

export type MethodFamily = "control" | "id" | "text" | "ours";

/** Shapes of points and chips. */
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

/** Everything that is known of a method anywhere: planning, tables, charts and the launch form read it here. */
export interface MethodRecord {
	id: string;
	title: string;
	family: MethodFamily;
	/** In a few words; for hovers. */
	note: string;
	needsQueries: boolean;
	/**
	 * What ranks: a stage `baseline` with that model (and with these parameters of it fixed), the memory's own order, or
	 * the paper's framework, which has variants.
	 */
	ranks:
		| { by: "baseline"; model: BaselineModel; fixed?: Readonly<Record<string, boolean>> }
		| { by: "memory" }
		| { by: "framework" };
	/** Whether it can be trained on one dataset and tested on another (zero-shot). */
	carriesOver: boolean;
	/** Whether the paper's Table 2 has it. */
	inPaper: boolean;
	/**
	 * Its colour on light and on dark ground, in every chart, chip and legend. Family by hue, member by lightness: id-based
	 * methods blue to green, text-based purple, controls grey, taupe and olive, ours the warm accent. Neighbours differ in
	 * lightness as well, so that the set survives deuteranopia, protanopia and grey print.
	 */
	colour: { light: string; dark: string };
	/** A shape of its own, since colour alone is not enough. */
	marker: MarkerShape;
}

/** The methods that this version runs, in table order: ours last, as in the paper. */
export const METHODS = [
	{
		id: "popularity",
		title: "Popularity",
		family: "control",
		note: "most bought first",
		needsQueries: false,
		ranks: { by: "baseline", model: "popularity" },
		carriesOver: false,
		inPaper: false,
		colour: { light: "#6f6f79", dark: "#a4a4af" },
		marker: "square",
	},
	{
		id: "memory",
		title: "Memory",
		family: "control",
		note: "query-product memory's own order",
		needsQueries: true,
		ranks: { by: "memory" },
		carriesOver: false,
		inPaper: false,
		colour: { light: "#87694a", dark: "#c9ad8c" },
		marker: "diamond",
	},
	{
		id: "gru4rec",
		title: "GRU4Rec",
		family: "id",
		note: "Hidasi et al. 2016",
		needsQueries: false,
		ranks: { by: "baseline", model: "gru4rec" },
		carriesOver: false,
		inPaper: true,
		colour: { light: "#5b86b8", dark: "#86aede" },
		marker: "cross",
	},
	{
		id: "sasrec",
		title: "SASRec",
		family: "id",
		note: "Kang and McAuley 2018",
		needsQueries: false,
		ranks: { by: "baseline", model: "sasrec" },
		carriesOver: false,
		inPaper: true,
		colour: { light: "#1b5fa8", dark: "#5fa8ee" },
		marker: "circle",
	},
	{
		id: "bert4rec",
		title: "BERT4Rec",
		family: "id",
		note: "Sun et al. 2019",
		needsQueries: false,
		ranks: { by: "baseline", model: "bert4rec" },
		carriesOver: false,
		inPaper: true,
		colour: { light: "#2a879c", dark: "#63bfd6" },
		marker: "pentagon",
	},
	{
		id: "nextitnet",
		title: "NextItNet",
		family: "id",
		note: "Yuan et al. 2019",
		needsQueries: false,
		ranks: { by: "baseline", model: "nextitnet" },
		carriesOver: false,
		inPaper: true,
		colour: { light: "#4f968d", dark: "#8fd0c6" },
		marker: "triangle-down",
	},
	{
		id: "core",
		title: "CORE",
		family: "id",
		note: "Hou et al. 2022",
		needsQueries: false,
		ranks: { by: "baseline", model: "core" },
		carriesOver: false,
		inPaper: true,
		colour: { light: "#0b6d52", dark: "#48c79e" },
		marker: "triangle",
	},
	{
		id: "recformer",
		title: "Recformer",
		family: "text",
		note: "Li et al. 2023",
		needsQueries: false,
		ranks: { by: "baseline", model: "recformer", fixed: { query: false } },
		carriesOver: true,
		inPaper: true,
		colour: { light: "#8e63c7", dark: "#b795ea" },
		marker: "plus",
	},
	{
		id: "recformer-query",
		title: "Recformer w/ query",
		family: "text",
		note: "Recformer with the search query in its input",
		needsQueries: true,
		ranks: { by: "baseline", model: "recformer", fixed: { query: true } },
		carriesOver: true,
		inPaper: true,
		colour: { light: "#5c3299", dark: "#9a72e0" },
		marker: "hexagon",
	},
	{
		id: "ours-no-llm",
		title: "Ours w/o LLM",
		family: "control",
		note: "the memory's first product in place of the generation",
		needsQueries: true,
		ranks: { by: "framework" },
		carriesOver: false,
		inPaper: false,
		colour: { light: "#77733f", dark: "#bdb97e" },
		marker: "bar",
	},
	{
		id: "ours",
		title: "Ours",
		family: "ours",
		note: "the paper's framework",
		needsQueries: true,
		ranks: { by: "framework" },
		carriesOver: true,
		inPaper: true,
		colour: { light: "#c2500c", dark: "#ff9450" },
		marker: "star",
	},
	{
		id: "ours-plus",
		title: "Ours+",
		family: "ours",
		note: "beyond the paper: stored lists and likelihoods fused",
		needsQueries: true,
		ranks: { by: "framework" },
		carriesOver: false,
		inPaper: false,
		colour: { light: "#7d2a06", dark: "#ffcaa3" },
		marker: "sparkle",
	},
] as const satisfies readonly MethodRecord[];

export type Method = (typeof METHODS)[number]["id"];
export const METHOD_IDS: readonly Method[] = METHODS.map((method) => method.id);
/** The framework as the paper has it, and beyond: what tables test against every other method. */
export const OUR_METHODS: readonly Method[] = methodsWhere(({ family }) => family === "ours");

export function isMethod(value: string): value is Method {
	return METHOD_IDS.some((id) => id === value);
}

/** The record of a method; undefined for one that this version does not run. */
export function findMethod(id: string): MethodRecord | undefined {
	return METHODS.find((method) => method.id === id);
}

/** Ids of the methods of which something holds, in table order. */
export function methodsWhere(holds: (method: MethodRecord) => boolean): Method[] {
	return METHODS.filter(holds).map(({ id }) => id);
}

/** Whether parts of it can be taken out or exchanged. */
export function hasVariants(method: string): boolean {
	return findMethod(method)?.ranks.by === "framework";
}
