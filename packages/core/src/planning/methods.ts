/** The methods that this version runs, in table order: ours last, as in the paper. */
export const METHODS = [
	{ id: "popularity", title: "Popularity", family: "control", needsQueries: false, note: "most bought first" },
	{ id: "memory", title: "Memory", family: "control", needsQueries: true, note: "query-product memory's own order" },
	{ id: "gru4rec", title: "GRU4Rec", family: "id", needsQueries: false, note: "Hidasi et al. 2016" },
	{ id: "sasrec", title: "SASRec", family: "id", needsQueries: false, note: "Kang and McAuley 2018" },
	{ id: "bert4rec", title: "BERT4Rec", family: "id", needsQueries: false, note: "Sun et al. 2019" },
	{ id: "nextitnet", title: "NextItNet", family: "id", needsQueries: false, note: "Yuan et al. 2019" },
	{ id: "core", title: "CORE", family: "id", needsQueries: false, note: "Hou et al. 2022" },
	{ id: "recformer", title: "Recformer", family: "text", needsQueries: false, note: "Li et al. 2023" },
	{
		id: "recformer-query",
		title: "Recformer w/ query",
		family: "text",
		needsQueries: true,
		note: "Recformer with the search query in its input",
	},
	{
		id: "ours-no-llm",
		title: "Ours w/o LLM",
		family: "control",
		needsQueries: true,
		note: "the memory's first product in place of the generation",
	},
	{ id: "ours", title: "Ours", family: "ours", needsQueries: true, note: "the paper's framework" },
	{
		id: "ours-plus",
		title: "Ours+",
		family: "ours",
		needsQueries: true,
		note: "beyond the paper: stored lists and likelihoods fused",
	},
] as const;

export type Method = (typeof METHODS)[number]["id"];
export type MethodFamily = "control" | "id" | "text" | "ours";
export const METHOD_IDS: readonly Method[] = METHODS.map((method) => method.id);

export function isMethod(value: string): value is Method {
	return METHOD_IDS.some((id) => id === value);
}
