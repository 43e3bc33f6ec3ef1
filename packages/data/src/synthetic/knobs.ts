/** Raised whenever the generator writes other bytes for the same options. */
export const SAMPLE_VERSION = 1;

/** Where a purchase comes from. The first two are the shopper's own search results, the others are not. */
export const PURCHASE_SOURCES = ["opened", "results", "related", "earlier", "browsing", "new"] as const;
export type PurchaseSource = (typeof PURCHASE_SOURCES)[number];

/**
 * Everything that shapes a log of the four fashion categories. Frozen at version 1; `docs/synthetic.md` says what each
 * knob is for and what the log was calibrated on.
 */
export const KNOBS = {
	/** Log length in days, and days before it in which the first transient families were launched. */
	days: 365,
	launchedBefore: 75,
	catalogue: {
		itemsPerUser: 5.5,
		/** Shares of families with 1, 2, … colours and 1, 2, … sizes. */
		colours: [0.25, 0.28, 0.22, 0.14, 0.08, 0.03],
		sizes: [0.28, 0.32, 0.26, 0.14],
		/** Families without an end, and shortest and longest time on the shelf of the others, in days. */
		evergreen: 0.25,
		shelfLife: { shortest: 50, longest: 260 },
		/** Popularity of a family's variants by rank: between 1 / rank (0) and 1 / rank² (1). */
		colourSkew: 0.5,
		sizeSkew: 0.35,
		/** Spread of a family's appeal: 1 ± this. */
		appealSpread: 0.15,
		/** Factor on appeal at launch, gone after `launchDays`. */
		launchBoost: 0.45,
		launchDays: 45,
		withSeason: 0.5,
		withHoliday: 0.12,
	},
	/** P(1, 2, 3, 4 purchases a shopper). */
	missions: [0.45, 0.32, 0.16, 0.07],
	search: {
		pageSize: 16,
		/** Factor on the chance that a first query names a term besides the product type. */
		named: 1,
		/** Chance that the engine does not understand one term of one wording. */
		missed: 0.12,
		/** Random part of a result's score, fixed for a wording, and anew at every search. */
		wordingNoise: 0.6,
		visitNoise: 0.3,
		/** Results of another product type. */
		strayResults: 0.05,
		/** Chance that a family is shown by its most popular matching variant rather than any. */
		heroShown: 0.92,
	},
	shopper: {
		/** Chance that a mission starts on the category's shelf instead of with a search. */
		direct: 0,
		/** Chance of a further query, and most queries in one mission. */
		requery: 0.38,
		mostQueries: 5,
		/** Chance that a shopper who returns for a family seen days before searches again. */
		searchesOnReturn: 0.35,
		/** Attention to position p: 1 / (1 + positionBias * (p - 1)). */
		positionBias: 0.55,
		/** Further families opened after a query's first; chance that a later query opens none. */
		openMore: 0.2,
		openNone: 0.55,
		/** Further variants of an opened family that are looked at, as a streak. */
		compareMore: 0.62,
		mostCompared: 6,
		/** Chance that a variant is clicked once more. */
		lookAgain: 0.22,
		/** Chance that the clicks of a mission go back and forth between its families. */
		backAndForth: 0.95,
		/** Chance that the bought item was clicked right before (the split drops such clicks). */
		clicksBought: 0.4,
		/** Chance that the variant on show is the one bought, where a family was exposed. */
		buysShown: 0.55,
		/** Factors on a variant that has the wanted colour, or the shopper's size. */
		wantedColour: 2.2,
		wantedSize: 2.2,
	},
	/**
	 * Shares of purchases by source, in the order of `PURCHASE_SOURCES`, before a source that has nothing to offer falls
	 * back to another.
	 */
	sources: [0.56, 0.17, 0.07, 0.08, 0.06, 0.06],
};

export type Knobs = Readonly<typeof KNOBS>;
