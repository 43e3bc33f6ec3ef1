import type { PromptTemplate, TemplateProduct } from "./template";

/** The prompt of the paper's Figure 3: its three instruction parts, and its attribute keys in the figure's order. */
export const paper1: PromptTemplate = {
	id: "paper-1",
	preface:
		"Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request.",
	taskDescription: ({ attributes }) =>
		`Given the sequence of user interactions${attributes ? " and product attributes" : ""}, recommend a product that the user is most likely to purchase.`,
	executionRequirement: ({ attributes, withCandidates }) =>
		[
			"Take into account the sequential order of the actions, as they reflect the user's shopping mission.",
			...(attributes
				? [
						"Focus particularly on product attributes such as color and size, season, occasion, and holiday, as these significantly influence user decisions.",
					]
				: []),
			...(withCandidates ? ["Prioritize recommendations from the candidate product ids provided in the input."] : []),
		].join(" "),
	formatIndicator:
		"Directly predict the product id and product title as output. The output must strictly follow {<id>id</id>,<title>title</title>} format.",
	attributeKeys: ["category", "brand", "color", "size", "season", "holiday", "occasion"],
	namesAttributes: true,
	joint: ", then ",
	candidatesFirst: false,
	answersLast: false,
	fullProducts: Number.POSITIVE_INFINITY,
	search: (query) => `search keyword <${query}>`,
	product: (action, product) => `${action} product ${asObject(product, true)}`,
	candidates: (products, areLabels) => {
		const written = products.map((product) =>
			areLabels ? `${product.id} ${asObject(product, false)}` : (product.id ?? ""),
		);
		return `Candidate product ids:[${written.join(areLabels ? ", " : ",")}].`;
	},
};

function asObject({ id, title, attributes }: TemplateProduct, withId: boolean): string {
	const fields: readonly (readonly [string, string])[] = [
		...(withId && id !== null ? [["id", id] as const] : []),
		["title", title],
		...attributes,
	];
	return `{${fields.map(([key, value]) => `"${key}": "${value}"`).join(", ")}}`;
}
