import type { DatasetCharacteristics } from "./characteristics-schema";

/** The figures by which datasets are compared, in the order of the paper's section 3. */
export const KEY_FIGURES = [
	{ key: "newProductsPerMonth", part: "C1", title: "New products a month" },
	{ key: "unseenShare", part: "C1", title: "Test purchases unseen in training" },
	{ key: "interactionsPerSequence", part: "C2", title: "Interactions a shopper" },
	{ key: "interactionsPerPurchase", part: "C2", title: "Interactions a purchase" },
	{ key: "comparedPerPurchase", part: "C2", title: "Products compared a purchase" },
	{ key: "seasonSwing", part: "C3", title: "Swing of demand by season" },
	{ key: "queriesPerDay", part: "C4", title: "Unique queries a day" },
	{ key: "queriesPerPurchase", part: "C4", title: "Unique queries a purchase" },
	{ key: "distinctQueryShare", part: "C4", title: "Unique queries / searches" },
] as const;
export type KeyFigure = (typeof KEY_FIGURES)[number]["key"];
/** A key figure with the characteristic that it belongs to. */
export interface KeyFigureDefinition {
	readonly key: KeyFigure;
	readonly part: string;
	readonly title: string;
}
export type KeyFigures = Record<KeyFigure, number | null>;

/** Null where the log cannot give a figure (the analysis says why), or too little of it to be read. */
export function keyFiguresOf(measured: DatasetCharacteristics): KeyFigures {
	const { turnover, comparisons, attributeDriven, queryDiversity } = measured;
	const { newProducts, unseen } = turnover;
	const { interactionsPerPurchase, compared } = comparisons;
	const queries = queryDiversity.available ? queryDiversity : null;
	const season = attributeDriven.available
		? attributeDriven.attributes.find(({ attribute, cells }) => attribute === "season" && cells > 0)
		: undefined;
	return {
		newProductsPerMonth: newProducts.available ? newProducts.perMonth : null,
		unseenShare: unseen.available ? unseen.share : null,
		interactionsPerSequence: comparisons.interactionsPerSequence,
		interactionsPerPurchase: interactionsPerPurchase.available ? interactionsPerPurchase.mean : null,
		comparedPerPurchase: compared.available ? compared.mean : null,
		seasonSwing: season?.swing ?? null,
		queriesPerDay: queries?.perDay.available ? queries.perDay.mean : null,
		queriesPerPurchase: queries?.distinctPerPurchase ?? null,
		distinctQueryShare: queries?.distinctShare ?? null,
	};
}

/** Each figure's mean over several datasets, those without it left out; null where none has it. */
export function meanFigures(members: readonly KeyFigures[]): KeyFigures {
	return mapFigures((figure) => {
		const values = members.map((member) => member[figure]).filter((value) => value !== null);
		return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
	});
}

/** How many times as much the reference has as `other`, as the paper puts it ("2.63 times as much as electronics"). */
export function ratiosTo(reference: KeyFigures, other: KeyFigures): KeyFigures {
	return mapFigures((figure) => {
		const [above, below] = [reference[figure], other[figure]];
		return above === null || below === null || below === 0 ? null : above / below;
	});
}

function mapFigures(value: (figure: KeyFigure) => number | null): KeyFigures {
	return {
		newProductsPerMonth: value("newProductsPerMonth"),
		unseenShare: value("unseenShare"),
		interactionsPerSequence: value("interactionsPerSequence"),
		interactionsPerPurchase: value("interactionsPerPurchase"),
		comparedPerPurchase: value("comparedPerPurchase"),
		seasonSwing: value("seasonSwing"),
		queriesPerDay: value("queriesPerDay"),
		queriesPerPurchase: value("queriesPerPurchase"),
		distinctQueryShare: value("distinctQueryShare"),
	};
}

/** What the paper (section 3) says fashion has of Amazon's electronics and toys: its log, not ours. */
export const PAPER_RATIOS: Record<"electronics" | "toys", Partial<Record<KeyFigure, number>>> = {
	electronics: { newProductsPerMonth: 3.6, interactionsPerPurchase: 1.55, queriesPerDay: 2.63 },
	toys: { newProductsPerMonth: 6.7, interactionsPerPurchase: 1.81, queriesPerDay: 2.38 },
};

/** The paper's ratios for a dataset that is named after one of its contrast categories: `sample-toys`. */
export function paperRatiosOf(datasetName: string): Partial<Record<KeyFigure, number>> | null {
	const category = /(?:^|-)(electronics|toys)$/.exec(datasetName)?.[1];
	return category === "electronics" || category === "toys" ? PAPER_RATIOS[category] : null;
}
