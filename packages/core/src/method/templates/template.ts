/** What an instruction may speak of, so that it never mentions what the input does not hold. */
export interface TemplateSwitches {
	attributes: boolean;
	withCandidates: boolean;
}

/** One version of the words around a shopper's history. A version that was used is never changed: add the next one. */
export interface PromptTemplate {
	id: "paper-1";
	/** The sentence before the instruction, and the three parts of the instruction (paper, Figure 3). */
	preface: string;
	taskDescription: (switches: TemplateSwitches) => string;
	executionRequirement: (switches: TemplateSwitches) => string;
	formatIndicator: string;
	/** Keys of an item's attributes that are written, in this order. */
	attributeKeys: readonly string[];
}
