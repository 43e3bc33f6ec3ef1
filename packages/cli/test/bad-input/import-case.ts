/** One strange input: what is imported, and what must come of it. */
export interface ImportCase {
	name: string;
	files: Record<string, string | Buffer>;
	/** `atelier` unless said. */
	format?: "atelier" | "recbole" | "amazon-reviews" | "sequences" | "mapping";
	/** File in the folder that is imported; the folder itself unless said. */
	path?: string;
	/** Written to `map.yaml` and given as the mapping. */
	mapping?: string;
	/** File in the folder that is given as the item file. */
	items?: string;
	maxRejected?: number;
	/** What the refusal says; absent where the import succeeds. */
	refused?: RegExp;
	/** Where it succeeds: some of the counts. */
	counts?: Partial<Record<"items" | "users" | "purchases" | "clicks" | "searches" | "rejected", number>>;
	/** Where it succeeds: what the quarantine says, with how many rows. */
	rejected?: Record<string, number>;
}

/** Lines as a file's text. */
export const lines = (...rows: string[]): string => `${rows.join("\n")}\n`;

export const ITEMS = lines("item_id,title", "a,Bag", "b,Shoe");
export const LOG_HEADER = "user_id,action,item_id,timestamp";
export const LOG = lines(LOG_HEADER, "u,purchase,a,1704102000", "u,purchase,b,1704188400");
/** So many sound rows, beside which a bad one is no more than 5 %. */
export const soundRows = (count = 40): string[] =>
	Array.from({ length: count }, (_, row) => `u${row % 7},purchase,${row % 2 === 0 ? "a" : "b"},${1_704_102_000 + row}`);
