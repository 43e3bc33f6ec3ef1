import { KNOBS, type Knobs } from "./knobs";

/**
 * The contrast categories: fashion's knobs but for what section 3 of the paper says of electronics and toys (shorter
 * sequences, fewer distinct queries, fewer new items, a less sparse log). Each number here was set so that the ratios of
 * `docs/synthetic.md` come out, and on nothing else; the shares of seasonal and holiday families are guesses.
 */
export const ELECTRONICS_KNOBS: Knobs = {
	...KNOBS,
	catalogue: {
		...KNOBS.catalogue,
		itemsPerUser: 2,
		colours: [0.5, 0.3, 0.15, 0.05],
		sizes: [0.45, 0.35, 0.2],
		evergreen: 0.43,
		withSeason: 0.06,
		withHoliday: 0.05,
	},
	search: { ...KNOBS.search, named: 0.55 },
	shopper: { ...KNOBS.shopper, direct: 0.46, requery: 0.06, compareMore: 0.55 },
};

export const TOYS_KNOBS: Knobs = {
	...KNOBS,
	catalogue: {
		...KNOBS.catalogue,
		itemsPerUser: 1.8,
		colours: [0.7, 0.2, 0.1],
		sizes: [0.6, 0.3, 0.1],
		evergreen: 0.635,
		withSeason: 0.08,
		withHoliday: 0.2,
	},
	search: { ...KNOBS.search, named: 0.6 },
	shopper: { ...KNOBS.shopper, direct: 0.39, requery: 0.06, compareMore: 0.31 },
};
