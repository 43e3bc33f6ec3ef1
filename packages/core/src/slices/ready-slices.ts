export interface ReadySlice {
	name: string;
	title: string;
	/** As a person would type it. */
	text: string;
	/** Which characteristic of fashion shopping it is about (paper, section 3). */
	about: string;
}

/** The paper's characteristics, said of single shoppers. */
export const READY_SLICES: readonly ReadySlice[] = [
	{
		name: "C1",
		title: "New products",
		text: "cold",
		about: "High turnover: what was bought is not in any training event.",
	},
	{
		name: "C2",
		title: "Thorough comparison",
		text: "comparisons >= 3",
		about: "Three products or more were looked at in the session before one was bought.",
	},
	{
		name: "C3",
		title: "Attribute-driven",
		text: "season or occasion or holiday",
		about: "What was bought is for a season, an occasion or a holiday.",
	},
	{
		name: "C4",
		title: "Rare queries",
		text: "query-rarity <= 3",
		about: "Diverse queries: the search before the purchase was made at most three times in training.",
	},
];
