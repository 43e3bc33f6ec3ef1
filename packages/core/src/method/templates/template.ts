import type { StageParams } from "../../contracts";

/** What an instruction may speak of, so that it never mentions what the input does not hold. */
export interface TemplateSwitches {
	attributes: boolean;
	withCandidates: boolean;
}

/** A product as a template gets it: every text has passed `plainText`. */
export interface TemplateProduct {
	/** In the run's id form; null where the form gives products outside the candidates none. */
	id: string | null;
	title: string;
	/** Those of `attributeKeys` that the item has, in that order; none when attributes are off. */
	attributes: readonly (readonly [key: string, value: string])[];
}

/** One version of the words around a shopper's history. A version that was used is never changed: add the next one. */
export interface PromptTemplate {
	id: StageParams<"prompts">["template"];
	/** The sentence before the instruction (none where empty), and the instruction's three parts (paper, Figure 3). */
	preface: string;
	taskDescription: (switches: TemplateSwitches) => string;
	executionRequirement: (switches: TemplateSwitches) => string;
	formatIndicator: string;
	/** Keys of an item's attributes that are written, in this order. */
	attributeKeys: readonly string[];
	/** Whether values of attributes stand beside their keys. */
	namesAttributes: boolean;
	/** Between two interactions. */
	joint: string;
	/** Whether the candidates stand before the history, so that what was done last stands next to the response. */
	candidatesFirst: boolean;
	/**
	 * Whether the history ends with the last search and everything that followed a search for the same, however old;
	 * else it is told in its order (paper).
	 */
	answersLast: boolean;
	/** How many products of the history, the newest, are written in full; ids and attributes of others are not. */
	fullProducts: number;
	search: (query: string) => string;
	product: (action: "click" | "purchase", product: TemplateProduct, isFull: boolean) => string;
	/** The candidates, best first. Labels (the id form `letter`) say nothing without a title beside them. */
	candidates: (products: readonly TemplateProduct[], areLabels: boolean) => string;
}
