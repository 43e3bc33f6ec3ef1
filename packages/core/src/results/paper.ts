/**
 * The paper's own figures, for showing beside ours; never mixed with measured ones.
 * Source: "Sequential LLM Framework for Fashion Recommendation", Tables 1, 2 and 3. Its MRR column is compared with MRR@10.
 */
export const PAPER_DATASETS = [
	{
		id: "luggage-bags",
		title: "Luggage & Bags",
		users: 10_611,
		items: 61_550,
		interactions: 131_647,
		averageLength: 12.41,
		density: 2.02e-4,
	},
	{
		id: "footwear",
		title: "Footwear",
		users: 63_273,
		items: 380_385,
		interactions: 714_628,
		averageLength: 11.29,
		density: 2.97e-5,
	},
	{
		id: "accessories-jewelry",
		title: "Accessories & Jewelry",
		users: 106_104,
		items: 524_433,
		interactions: 1_376_999,
		averageLength: 12.98,
		density: 2.47e-5,
	},
	{
		id: "clothing",
		title: "Clothing",
		users: 274_285,
		items: 1_386_910,
		interactions: 3_635_414,
		averageLength: 13.25,
		density: 9.56e-6,
	},
] as const;
export type PaperDataset = (typeof PAPER_DATASETS)[number]["id"];

export interface PaperFigures {
	"recall@10": number;
	"ndcg@10": number;
	"mrr@10": number;
}
const row = (recall: number, ndcg: number, mrr: number): PaperFigures => ({
	"recall@10": recall,
	"ndcg@10": ndcg,
	"mrr@10": mrr,
});

/** Table 2, columns in the order of {@link PAPER_DATASETS}. */
export const PAPER_TABLE_2: Record<string, readonly [PaperFigures, PaperFigures, PaperFigures, PaperFigures]> = {
	gru4rec: [
		row(0.0336, 0.0221, 0.0185),
		row(0.0185, 0.0124, 0.0105),
		row(0.023, 0.0155, 0.0131),
		row(0.0221, 0.0155, 0.0134),
	],
	sasrec: [
		row(0.1015, 0.0613, 0.0487),
		row(0.0857, 0.0548, 0.0452),
		row(0.144, 0.0825, 0.0631),
		row(0.1485, 0.0827, 0.0617),
	],
	bert4rec: [
		row(0.0975, 0.06, 0.0485),
		row(0.1405, 0.077, 0.0568),
		row(0.0904, 0.058, 0.0479),
		row(0.0676, 0.0435, 0.0361),
	],
	nextitnet: [
		row(0.0176, 0.0094, 0.0069),
		row(0.0123, 0.0103, 0.0097),
		row(0.0185, 0.015, 0.0139),
		row(0.0111, 0.0087, 0.0079),
	],
	core: [
		row(0.2612, 0.1404, 0.1027),
		row(0.3075, 0.1566, 0.1092),
		row(0.2493, 0.1327, 0.0962),
		row(0.1989, 0.1008, 0.0699),
	],
	recformer: [
		row(0.2577, 0.1692, 0.1455),
		row(0.2181, 0.1352, 0.1161),
		row(0.1719, 0.1132, 0.1004),
		row(0.1741, 0.1102, 0.0972),
	],
	"recformer-query": [
		row(0.2642, 0.1834, 0.1524),
		row(0.2325, 0.1436, 0.1225),
		row(0.199, 0.122, 0.1046),
		row(0.1888, 0.1276, 0.1059),
	],
	ours: [
		row(0.2786, 0.2037, 0.1804),
		row(0.3377, 0.1791, 0.147),
		row(0.2624, 0.1676, 0.1343),
		row(0.2593, 0.1658, 0.144),
	],
};

/** The category of Table 3. */
export const PAPER_TABLE_3_DATASET: PaperDataset = "luggage-bags";

/** Table 3 by variant name, on {@link PAPER_TABLE_3_DATASET}. */
export const PAPER_TABLE_3: Readonly<Record<string, PaperFigures>> = {
	full: row(0.2786, 0.2037, 0.1804),
	"no-attributes": row(0.2293, 0.1396, 0.1117),
	"no-memory": row(0.2595, 0.1786, 0.1518),
	"no-text-embedding": row(0.1757, 0.1569, 0.151),
	"no-id-embedding": row(0.2412, 0.148, 0.1189),
	"generic-text-embedding": row(0.2004, 0.1245, 0.1039),
	"no-memory+no-id-embedding": row(0.2343, 0.1424, 0.1139),
	"no-attributes+no-memory+no-id-embedding": row(0.2184, 0.1285, 0.1006),
};

/** The paper's category that a dataset's name ends with, as `sample-footwear` does; null for any other dataset. */
export function paperDatasetOf(datasetName: string): PaperDataset | null {
	return PAPER_DATASETS.find(({ id }) => datasetName === id || datasetName.endsWith(`-${id}`))?.id ?? null;
}

/** @returns the paper's Table 2 figures of a method in a category, or null where the paper has none. */
export function paperFigures(method: string, dataset: PaperDataset | null): PaperFigures | null {
	const column = PAPER_DATASETS.findIndex(({ id }) => id === dataset);
	return PAPER_TABLE_2[method]?.[column] ?? null;
}
