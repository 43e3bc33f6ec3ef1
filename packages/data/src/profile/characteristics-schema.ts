import { z } from "zod";

const number = z.number();
const count = z.int().nonnegative();
/** A calendar month, `2025-03`. */
const month = z.string().regex(/^\d{4}-\d{2}$/);

/** A part of the analysis, or in a sentence why the log cannot give it. */
function measured<Shape extends z.ZodRawShape>(shape: Shape) {
	return z.discriminatedUnion("available", [
		z.object({ available: z.literal(true), ...shape }),
		z.object({ available: z.literal(false), reason: z.string() }),
	]);
}

/** A part that the log cannot give. */
export function unavailable(reason: string) {
	return { available: false as const, reason };
}

/** C1, how fast the catalogue turns over. */
export const turnover = z.object({
	newProducts: measured({
		/** When a product counts as new: at its launch where the catalogue says it, else at its first interaction. */
		basis: z.enum(["launch", "first interaction"]),
		/** A month is 30.4375 days; with the basis `first interaction` the log's first one is left out. */
		perMonth: number,
		/** `perMonth` / products of the catalogue. */
		shareOfCatalogue: number,
		/** Calendar months of the log; its first and last may be cut short. */
		months: z.array(z.object({ month, products: count })),
	}),
	/** Test purchases (each shopper's last, leave-one-out) whose item the training part does not hold. */
	unseen: measured({
		purchases: count,
		unseen: count,
		share: number,
		/** 95 % Wilson interval of `share`. */
		low: number,
		high: number,
		/** By the month of the purchase; empty without times. */
		months: z.array(z.object({ month, purchases: count, unseen: count })),
	}),
});

/** C2, how much shoppers compare before they buy. */
export const comparisons = z.object({
	/** Searches, clicks and purchases a shopper. */
	interactionsPerSequence: number,
	/** From after the shopper's previous purchase up to and with the purchase. */
	interactionsPerPurchase: measured({ mean: number, purchases: count }),
	/** Distinct products clicked since the shopper's previous purchase, the one bought left out. */
	compared: measured({
		mean: number,
		purchases: count,
		/** Share of purchases by products compared: 0, 1, … ; the last bin holds all from there on. */
		bins: z.array(z.object({ products: count, purchases: count })),
		/** Share of compared products of the same family as the one bought, among those where both have one. */
		sameFamily: number.nullable(),
		sameCategory: number.nullable(),
	}),
});

export const liftCell = z.object({
	/** 1 to 12, over all years of the log. */
	month: z.int().min(1).max(12),
	purchases: count,
	/** Purchases to expect there if the value did not hang on the month. */
	expected: number,
	lift: number,
	low: number,
	high: number,
	/** Too few expected for `lift` to be read. */
	small: z.boolean(),
});
export type LiftCell = z.infer<typeof liftCell>;

export const liftRow = z.object({ value: z.string(), purchases: count, cells: z.array(liftCell) });
export type LiftRow = z.infer<typeof liftRow>;

export const attributeDemand = z.object({
	attribute: z.enum(["season", "occasion", "holiday"]),
	/** Share of dated purchases whose item has a value. */
	coverage: number,
	/** Typical distance of lift from 1 beyond chance: sqrt(max(0, χ² − df) / n) of the table of values by months. */
	swing: number,
	/** Cells that are not small, and those of them whose interval leaves 1 out. */
	cells: count,
	cellsApart: count,
	/** Most bought first; values bought too seldom are left out, how many is said. */
	rows: z.array(liftRow),
	valuesLeftOut: count,
});
export type AttributeDemand = z.infer<typeof attributeDemand>;

/** C3, demand by month against attribute values. */
export const attributeDriven = measured({
	/** Purchases with a time, by month of the year. */
	months: z.array(z.object({ month: z.int().min(1).max(12), purchases: count })),
	attributes: z.array(attributeDemand),
	/** Attributes that no bought item has. */
	missing: z.array(z.string()),
});

/** C4, how many different queries there are. */
export const queryDiversity = measured({
	searches: count,
	distinct: count,
	/** `distinct` / `searches`. */
	distinctShare: number,
	/** Over the log's purchases; null without any. */
	distinctPerPurchase: number.nullable(),
	/** A shopper's own distinct queries, over all shoppers. */
	distinctPerUser: number,
	/** Share of searches whose query another shopper typed too. */
	sharedBetweenUsers: number,
	perDay: measured({
		/** Distinct queries of a day, over all days from the first search to the last. */
		mean: number,
		days: count,
		/** The same by calendar month. */
		months: z.array(z.object({ month, mean: number, days: count })),
	}),
});

/** The paper's four characteristics of fashion (section 3), measured on one dataset. */
export const datasetCharacteristics = z.object({
	/** Raised when a figure changes its meaning, so that older ones in the record are computed anew. */
	revision: z.literal(1),
	turnover,
	comparisons,
	attributeDriven,
	queryDiversity,
});
export type DatasetCharacteristics = z.infer<typeof datasetCharacteristics>;
