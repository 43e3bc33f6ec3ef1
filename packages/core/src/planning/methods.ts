/** The methods that this version runs, in table order: ours last, as in the paper. */
export const METHODS = [
	{ id: "popularity", title: "Popularity", family: "control", needsQueries: false, note: "most bought first" },
	{ id: "memory", title: "Memory", family: "control", needsQueries: true, note: "query-product memory's own order" },
	{ id: "sasrec", title: "SASRec", family: "id", needsQueries: false, note: "Kang and McAuley 2018" },
	{ id: "core", title: "CORE", family: "id", needsQueries: false, note: "Hou et al. 2022" },
	{ id: "ours", title: "Ours", family: "ours", needsQueries: true, note: "the paper's framework" },
] as const;

export type Method = (typeof METHODS)[number]["id"];
export type MethodFamily = "control" | "id" | "text" | "ours";
export const METHOD_IDS: readonly Method[] = METHODS.map((method) => method.id);

export function isMethod(value: string): value is Method {
	return METHOD_IDS.some((id) => id === value);
}
