import { AppError } from "../errors";

/** What can be taken out of, or exchanged in, the framework (paper, section 5.3), in the order in which they are named. */
export const SWITCHES = [
	{ id: "no-attributes", title: "w/o product attributes", note: "products in the prompt carry their title alone" },
	{ id: "no-memory", title: "w/o query-product memory", note: "no candidates in the prompt" },
	{ id: "no-text-embedding", title: "w/o text embedding", note: "the id list alone (N = K)" },
	{ id: "no-id-embedding", title: "w/o id embedding", note: "the title list alone (N = 0)" },
	{
		id: "generic-text-embedding",
		title: "w/ generic text embedding",
		note: "titles by the preset's generic pretrained encoder; the paper uses CLIP",
	},
] as const;
export type Switch = (typeof SWITCHES)[number]["id"];

/** A method with switches; none is the method as it stands. */
export type Variant = readonly Switch[];

/** Name of the method as it stands. */
export const FULL_VARIANT = "full";

/** Table 3's rows, in its order, with the titles that the paper gives them. */
export const TABLE_3_VARIANTS = [
	{ id: "full", title: "Ours" },
	{ id: "no-attributes", title: "w/o product attributes" },
	{ id: "no-memory", title: "w/o query-product memory" },
	{ id: "no-text-embedding", title: "w/o text embedding" },
	{ id: "no-id-embedding", title: "w/o id embedding" },
	{ id: "generic-text-embedding", title: "w/ CLIP text embedding" },
	{ id: "no-memory+no-id-embedding", title: "w/o q.p.m. & id emb." },
	{ id: "no-attributes+no-memory+no-id-embedding", title: "w/o q.p.m. & id. & pro. a." },
] as const;

/** Name of a variant: its switches joined by `+` in the order of {@link SWITCHES}. */
export function variantName(variant: Variant): string {
	const names = SWITCHES.filter(({ id }) => variant.includes(id)).map(({ id }) => id);
	return names.length === 0 ? FULL_VARIANT : names.join("+");
}

/** Words for a variant's name, as tables print it; a run of a grid is called by its values. */
export function variantTitle(name: string): string {
	if (name.includes("=")) return name;
	const known = TABLE_3_VARIANTS.find(({ id }) => id === name);
	if (known !== undefined) return known.title;
	return parseVariant(name)
		.map((id) => SWITCHES.find((one) => one.id === id)?.title ?? id)
		.join(", ");
}

/** @throws AppError BAD_REQUEST for an unknown switch, naming the valid ones, or for switches that leave no list. */
export function parseVariant(name: string): Variant {
	if (name === FULL_VARIANT) return [];
	const variant = name.split("+").map((part) => {
		const known = SWITCHES.find(({ id }) => id === part.trim());
		if (known !== undefined) return known.id;
		const names = SWITCHES.map(({ id }) => id).join(", ");
		throw new AppError("BAD_REQUEST", `Unknown switch "${part.trim()}". There are: ${names}, or full for none.`);
	});
	if (variant.includes("no-text-embedding")) {
		const other = variant.find((id) => id === "no-id-embedding" || id === "generic-text-embedding");
		if (other !== undefined) {
			throw new AppError("BAD_REQUEST", `no-text-embedding and ${other} exclude each other: choose one of them.`);
		}
	}
	return SWITCHES.filter(({ id }) => variant.includes(id)).map(({ id }) => id);
}

/** A run's method with its variant and setting where they are not the plain ones: `ours no-memory, cold-start`. */
export function runLabel({ method, variant, setting }: { method: string; variant: string; setting: string }): string {
	const name = variant === FULL_VARIANT ? method : `${method} ${variant}`;
	return setting === "full" ? name : `${name}, ${setting}`;
}
