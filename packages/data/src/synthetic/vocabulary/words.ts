/** A meaning and the ways in which titles and shoppers write it. */
export interface Word {
	/** The value of the item attribute. */
	readonly name: string;
	/** Other spellings in titles and queries; the name itself is always one of the choices. */
	readonly phrases: readonly string[];
}

export interface Holiday extends Word {
	/** Day of the year (from 0) on which it falls. */
	readonly day: number;
}

/** A size system: `ring`, `women's shoes`, `suitcase`. Sizes are in order. */
export interface SizeSystem {
	readonly sizes: readonly Word[];
}

export interface ProductType {
	/** The item attribute `category`. */
	readonly title: string;
	/** What sellers and shoppers call it. */
	readonly names: readonly string[];
	/** Weight in catalogue and demand. */
	readonly share: number;
	readonly sizes: SizeSystem;
	/** Season in which it sells more than in others. */
	readonly season?: Word;
	readonly occasions: readonly Word[];
	/** Departments that buy it; all when absent. */
	readonly departments?: readonly Word[];
	/** Typical price in dollars. */
	readonly price: number;
}

/** Who buys in a category: the item's `department` in titles and queries, which no attribute holds. */
export interface Audience {
	readonly departments: readonly [Word, ...Word[]];
	/** Shares of the departments in catalogue and demand, in their order. */
	readonly shares: readonly number[];
}

/** All the words of one category. */
export interface Vocabulary {
	/** Two letters that start the item keys. */
	readonly prefix: string;
	/** The shared departments, colours and brands of fashion where absent. */
	readonly audience?: Audience;
	readonly colours?: readonly Word[];
	readonly brands?: readonly string[];
	readonly types: readonly ProductType[];
	readonly materials: readonly Word[];
	readonly styles: readonly Word[];
	readonly features: readonly string[];
}

/** `word("Grey", "gray")`: a meaning with its other spellings. */
export function word(name: string, ...phrases: string[]): Word {
	return { name, phrases };
}

/** A size system out of plain names. */
export function sizes(...list: readonly (string | Word)[]): SizeSystem {
	return { sizes: list.map((entry) => (typeof entry === "string" ? word(entry) : entry)) };
}
