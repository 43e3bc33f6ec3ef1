import { compact1, lackingValues, VERBS } from "./compact-1";
import type { PromptTemplate, TemplateProduct } from "./template";

/**
 * `compact-1` so that a small model can answer by what it does best, going on as the text before it went on: the
 * history writes products in the form of the answer, and what answers the last search stands last, next to the response.
 */
export const compact2: PromptTemplate = {
	...compact1,
	id: "compact-2",
	candidatesFirst: true,
	answersLast: true,
	fullProducts: Number.POSITIVE_INFINITY,
	product: (action, product) => `${VERBS[action]} ${asAnswer(product)}`,
};

/** `{<id>12</id>,<title>Ankle boot</title>} [Nord, Black]` */
function asAnswer(product: TemplateProduct): string {
	const id = product.id === null ? "" : `<id>${product.id}</id>,`;
	return `{${id}<title>${product.title}</title>}${lackingValues(product)}`;
}
