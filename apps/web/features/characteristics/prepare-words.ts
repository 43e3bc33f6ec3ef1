import { formatCount, formatMetric, formatShare } from "@atelier/ui";
import type { Characteristics } from "./characteristics-types";

/** A card's two sentences: what the paper says of its own data, and what was measured here. */
export interface CardWords {
	title: string;
	paper: string;
	here: string;
}

const notAvailable = (what: string, reason: string) => `${what} not available, because ${reason}`;

export function turnoverWords({ newProducts, unseen }: Characteristics["turnover"]): CardWords {
	const added = newProducts.available
		? `${formatCount(newProducts.perMonth)} new products a month, ${formatShare(newProducts.shareOfCatalogue)} of the catalogue (new at their ${newProducts.basis})`
		: notAvailable("New products are", newProducts.reason).replace(/\.$/, "");
	const cold = unseen.available
		? `${formatShare(unseen.share)} of ${formatCount(unseen.purchases)} test purchases are of items that training does not hold (95 % interval ${formatShare(unseen.low)} to ${formatShare(unseen.high)}).`
		: notAvailable("Unseen test purchases are", unseen.reason);
	return {
		title: "C1 Turnover of products",
		paper:
			"Amazon fashion gets about 3 million new products a month, 3.6 times as many as electronics and 6.7 times as many as toys.",
		here: `${added}; ${cold}`,
	};
}

export function comparisonWords(comparisons: Characteristics["comparisons"]): CardWords {
	const { interactionsPerPurchase, interactionsPerSequence, compared } = comparisons;
	const length = `${formatMetric(interactionsPerSequence)} interactions a shopper${
		interactionsPerPurchase.available ? ` and ${formatMetric(interactionsPerPurchase.mean)} a purchase` : ""
	}`;
	const products = compared.available
		? `${formatMetric(compared.mean)} other products were clicked before a purchase.`
		: notAvailable("products compared are", compared.reason);
	return {
		title: "C2 Comparisons before a purchase",
		paper:
			"Sequences that lead to a fashion purchase are 55 % longer than for electronics and 81 % longer than for toys.",
		here: `${length}; ${products}`,
	};
}

export function demandWords(driven: Characteristics["attributeDriven"]): CardWords {
	const paper = "Season, occasion and holiday sway what is bought in fashion; no figure is given.";
	const title = "C3 Demand driven by attributes";
	if (!driven.available) return { title, paper, here: notAvailable("Demand by month is", driven.reason) };
	const swings = driven.attributes
		.filter(({ cells }) => cells > 0)
		.map(({ attribute, swing }) => `${attribute} ±${formatShare(swing)}`);
	const missing = driven.missing.length > 0 ? ` No bought item has: ${driven.missing.join(", ")}.` : "";
	const said =
		swings.length > 0
			? `Lift is typically off 1 by, beyond chance: ${swings.join(", ")}.`
			: "No value was bought often enough to be read by month.";
	return { title, paper, here: `${said}${missing}` };
}

export function queryWords(diversity: Characteristics["queryDiversity"], queriesDerived: boolean): CardWords {
	const paper =
		"A day of fashion has 2.63 times as many unique queries as one of electronics and 2.38 times as many as one of toys.";
	const title = "C4 Diversity of queries";
	if (!diversity.available) return { title, paper, here: notAvailable("Queries are", diversity.reason) };
	const daily = diversity.perDay.available
		? `${formatMetric(diversity.perDay.mean)} unique queries a day over ${formatCount(diversity.perDay.days)} days`
		: notAvailable("Queries a day are", diversity.perDay.reason).replace(/\.$/, "");
	const derived = queriesDerived
		? " These queries were derived from the items bought, so they tell the importer's words, not shoppers'."
		: "";
	return {
		title,
		paper,
		here: `${daily}; ${formatCount(diversity.distinct)} different ones in ${formatCount(diversity.searches)} searches.${derived}`,
	};
}
