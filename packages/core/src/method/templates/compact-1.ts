import type { PromptTemplate, TemplateProduct } from "./template";

/**
 * The same three instruction parts for small models, in about 50 tokens, and a short input: values of attributes
 * without their keys, and only those that the title lacks. Candidates carry their titles, since a small model cannot
 * learn what stands behind an id that it has seen a few times at most.
 */
export const compact1: PromptTemplate = {
	id: "compact-1",
	preface: "",
	taskDescription: () => "Recommend the product that this user buys next.",
	executionRequirement: ({ attributes, withCandidates }) =>
		[
			attributes
				? "Mind the order of the actions, color, size, season and occasion."
				: "Mind the order of the actions.",
			...(withCandidates ? ["Prefer one of the candidates."] : []),
		].join(" "),
	formatIndicator: "Answer with {<id>id</id>,<title>title</title>}.",
	attributeKeys: ["brand", "color", "size", "season", "holiday", "occasion", "category"],
	namesAttributes: false,
	joint: "; ",
	candidatesFirst: false,
	answersLast: false,
	fullProducts: 3,
	search: (query) => `searched <${query}>`,
	product: (action, product, isFull) => `${VERBS[action]} ${isFull ? inFull(product) : product.title}`,
	candidates: (products) => `Candidates:${products.map((product) => `\n${inFull(product)}`).join("")}`,
};

export const VERBS = { click: "clicked", purchase: "bought" } as const;

/** `12: Ankle boot [Nord, Black]` */
function inFull(product: TemplateProduct): string {
	const { id, title } = product;
	return `${id === null ? "" : `${id}: `}${title}${lackingValues(product)}`;
}

/** ` [Nord, Black]`: values of attributes that the title lacks; empty where it has them all. */
export function lackingValues({ title, attributes }: TemplateProduct): string {
	const words = ` ${bare(title)} `;
	const values = attributes.map(([, value]) => value);
	const lacking = values.filter(
		(value, place) =>
			value !== "" &&
			!words.includes(` ${bare(value)} `) &&
			values.findIndex((one) => bare(one) === bare(value)) === place,
	);
	return lacking.length === 0 ? "" : ` [${lacking.join(", ")}]`;
}

/** Words alone, so that "Dark-Blue," in a title holds the value "dark blue". */
function bare(text: string): string {
	return text
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, " ")
		.trim();
}
