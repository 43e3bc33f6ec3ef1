import { findMethod, type Method, methodsWhere } from "../planning/methods";

/** Which runs of a dataset a claim speaks of. `zero-shot` stands for every source that was run. */
export interface RunSelector {
	method: Method;
	variant: string;
	setting: "full" | "cold-start" | "zero-shot" | "low-resource(0.1)";
}

/** A sum of runs that a claim says is larger than another. */
export interface ClaimTest {
	/** In words, as `Ours above CORE`. */
	title: string;
	plus: readonly RunSelector[];
	minus: readonly RunSelector[];
}

export const CLAIM_SOURCES = ["table-2", "table-3", "figure-4", "figure-5", "figure-6"] as const;
export type ClaimSource = (typeof CLAIM_SOURCES)[number];

/** Something that the paper concludes from a table or figure, in our words, and the comparisons that it comes to. */
export interface Claim {
	id: string;
	source: ClaimSource;
	claim: string;
	tests: readonly ClaimTest[];
}

// The paper's claims are of its own methods; others that a later version knows are not among them.
const ID_METHODS = methodsWhere(({ family, inPaper }) => family === "id" && inPaper);
const TEXT_BASELINES = methodsWhere(({ family, inPaper }) => family === "text" && inPaper);
const TEXT_METHODS: readonly Method[] = ["ours", ...TEXT_BASELINES];
const titleOf = (method: Method) => findMethod(method)?.title ?? method;

const run = (method: Method, setting: RunSelector["setting"] = "full"): RunSelector => ({
	method,
	variant: "full",
	setting,
});
const above = (method: Method, other: Method, setting: RunSelector["setting"] = "full"): ClaimTest => ({
	title: `${titleOf(method)} above ${titleOf(other)}`,
	plus: [run(method, setting)],
	minus: [run(other, setting)],
});
const ours = (variant: string): RunSelector => ({ method: "ours", variant, setting: "full" });
const variantAbove = (title: string, variant: string, other: string): ClaimTest => ({
	title,
	plus: [ours(variant)],
	minus: [ours(other)],
});

/** The paper's conclusions (sections 4.4 and 5.2 to 5.4) that are orderings of runs on one dataset. */
export const CLAIMS: readonly Claim[] = [
	{
		id: "ours-first",
		source: "table-2",
		claim: "The framework ranks first among all compared methods, on every dataset and in every metric.",
		tests: [...ID_METHODS, ...TEXT_BASELINES].map((other) => above("ours", other)),
	},
	{
		id: "language-model-beyond-text",
		source: "table-2",
		claim: "Knowledge in the language model adds to what text alone gives: the framework is above Recformer.",
		tests: TEXT_BASELINES.map((other) => above("ours", other)),
	},
	{
		id: "core-best-id-model",
		source: "table-2",
		claim: "CORE is the strongest of the methods that know items by id, and so lends its item vectors.",
		tests: ID_METHODS.filter((id) => id !== "core").map((other) => above("core", other)),
	},
	{
		id: "queries-help-recformer",
		source: "table-2",
		claim: "Recformer gains from having the search query in its input.",
		tests: [above("recformer-query", "recformer")],
	},
	{
		id: "each-component-helps",
		source: "table-3",
		claim: "Every component of the framework improves it.",
		tests: [
			variantAbove("Full above w/o product attributes", "full", "no-attributes"),
			variantAbove("Full above w/o query-product memory", "full", "no-memory"),
			variantAbove("Full above w/o text embedding", "full", "no-text-embedding"),
			variantAbove("Full above w/o id embedding", "full", "no-id-embedding"),
			variantAbove("Full above w/ generic text embedding", "full", "generic-text-embedding"),
		],
	},
	{
		id: "mixup-above-its-parts",
		source: "table-3",
		claim: "Mixing the two lists is better than either list by itself.",
		tests: [
			variantAbove("Mixup above the id list", "full", "no-text-embedding"),
			variantAbove("Mixup above the title list", "full", "no-id-embedding"),
		],
	},
	{
		id: "generic-encoder-below",
		source: "table-3",
		claim:
			"A generic pretrained text encoder retrieves worse than the title encoder trained on purchases, even when the latter goes without ids.",
		tests: [
			variantAbove("Title list alone above w/ generic text embedding", "no-id-embedding", "generic-text-embedding"),
			variantAbove("Full above w/ generic text embedding", "full", "generic-text-embedding"),
		],
	},
	{
		id: "memory-works-through-ids",
		source: "table-3",
		claim: "The query-product memory helps mainly the ids: without the id list, taking it away costs less.",
		tests: [
			{
				title: "The memory's gain with the id list above its gain without",
				plus: [ours("full"), ours("no-memory+no-id-embedding")],
				minus: [ours("no-memory"), ours("no-id-embedding")],
			},
		],
	},
	{
		id: "attributes-sharpen-titles",
		source: "table-3",
		claim: "Product attributes in the prompt make the generated titles more exact.",
		tests: [
			variantAbove(
				"Attributes kept above left out, both without memory and ids",
				"no-memory+no-id-embedding",
				"no-attributes+no-memory+no-id-embedding",
			),
		],
	},
	{
		id: "cold-start-text-above-id",
		source: "figure-4",
		claim: "For items unseen in training, methods that read text are clearly above methods that know ids alone.",
		tests: TEXT_METHODS.flatMap((text) => ID_METHODS.map((id) => above(text, id, "cold-start"))),
	},
	{
		id: "cold-start-ours-above-recformer",
		source: "figure-4",
		claim: "For items unseen in training, the framework is above Recformer.",
		tests: TEXT_BASELINES.map((other) => above("ours", other, "cold-start")),
	},
	{
		id: "zero-shot-ours-above-recformer",
		source: "figure-5",
		claim: "What the framework learns on one category carries over to another better than what Recformer learns.",
		tests: TEXT_BASELINES.map((other) => above("ours", other, "zero-shot")),
	},
	{
		id: "low-resource-text-above-core",
		source: "figure-6",
		claim: "With little training data (10 %), methods that read text are above CORE.",
		tests: TEXT_METHODS.map((text) => above(text, "core", "low-resource(0.1)")),
	},
	{
		id: "low-resource-ours-gains-more",
		source: "figure-6",
		claim: "From 10 % to all of the training data the framework gains more than Recformer.",
		tests: TEXT_BASELINES.map((other) => ({
			title: `Ours gains more than ${titleOf(other)}`,
			plus: [run("ours"), run(other, "low-resource(0.1)")],
			minus: [run("ours", "low-resource(0.1)"), run(other)],
		})),
	},
];
