import { AppError } from "@atelier/core";
import type { RawTable } from "../../import/raw-table";
import { shownNames } from "../../import/table-header";

/** Columns that hold an item's title, by preference. */
export const TITLE_COLUMNS = ["title", "item_name", "product_name", "name", "movie_title"] as const;

/** Columns that say what an interaction was. */
export const ACTION_COLUMNS = ["action", "behavior", "behaviour", "behavior_type", "event_type", "type"] as const;

/** Columns that hold the query before an interaction. */
export const QUERY_COLUMNS = ["query", "search_query"] as const;

/** Words for actions in the public logs; putting in a cart or on a list is a comparison, not a purchase. */
export const ACTION_WORDS: Record<string, "search" | "click" | "purchase"> = {
	search: "search",
	click: "click",
	view: "click",
	pv: "click",
	cart: "click",
	addtocart: "click",
	add_to_cart: "click",
	fav: "click",
	favorite: "click",
	purchase: "purchase",
	buy: "purchase",
	order: "purchase",
	transaction: "purchase",
};

const FIELD_TYPES = ["token", "token_seq", "float", "float_seq"];

export interface FieldNames {
	/** Names without their types. */
	names: string[];
	/** Name in the header: `item_id` → `item_id:token`. */
	columnOf(name: string): string;
	/** Whether a field holds a list (`token_seq`, `float_seq`). */
	isList(name: string): boolean;
}

/** Separators of a header; a blank or a comma is met where files were written by hand. */
export const DELIMITERS = ["\t", ",", ";", "|", " "];

/**
 * Takes `name:type` headers apart.
 * @throws AppError BAD_DATA when a header has no type, or a wanted field is missing.
 */
export function fieldNames(raw: RawTable, wanted: readonly string[]): FieldNames {
	const found = new Map<string, string>();
	const lists = new Set<string>();
	for (const header of raw.columns) {
		const [name = "", type = ""] = header.split(":");
		if (type.endsWith("_seq")) lists.add(name);
		if (!FIELD_TYPES.includes(type)) {
			throw new AppError(
				"BAD_DATA",
				`${raw.fileName}: column "${shownNames([header])}" is no RecBole field (name:type, type one of ${FIELD_TYPES.join(", ")}).`,
			);
		}
		found.set(name, header);
	}
	const names = [...found.keys()];
	const missing = wanted.filter((name) => !found.has(name));
	if (missing.length > 0) {
		throw new AppError(
			"BAD_DATA",
			`${raw.fileName} has no field ${missing.join(", ")}. Fields found: ${shownNames(names)}. Where one of them is meant under another name, say so in a mapping (--format mapping).`,
		);
	}
	return { names, columnOf: (name) => found.get(name) ?? name, isList: (name) => lists.has(name) };
}
