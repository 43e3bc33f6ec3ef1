import { readChoice, readList, readText, toParams, type UrlStateCodec } from "~/features/url-state";

export const SHOPPER_ORDERS = ["user", "best", "worst"] as const;
export type ShopperOrder = (typeof SHOPPER_ORDERS)[number];

/** What is changed against the stored recommendation; nothing changed is an empty query, no drops and a null `n`. */
export interface WhatIf {
	/** In place of the session's last search; empty for the shopper's own. */
	query: string;
	/** `ord` of the events that are left out, ascending. */
	drop: number[];
	/** N of the mixup; null for the run's own. */
	n: number | null;
}

/** What the Inspector shows. */
export interface InspectorView extends WhatIf {
	/** Empty for the newest run of ours. */
	run: string;
	/** Empty for the first of the list. */
	user: string;
	/** A second run whose list of the shopper stands beside; empty for none. */
	beside: string;
	/** Beginning of a shopper's id. */
	search: string;
	order: ShopperOrder;
}

export const UNCHANGED: WhatIf = { query: "", drop: [], n: null };

export const inspectorViewCodec: UrlStateCodec<InspectorView> = {
	parse: (params) => ({
		run: readText(params, "run"),
		user: readText(params, "user"),
		beside: readText(params, "beside"),
		search: readText(params, "search"),
		order: readChoice(params, "order", SHOPPER_ORDERS, "user"),
		query: readText(params, "query"),
		drop: readList(params, "drop").flatMap((text) => readWhole(text) ?? []),
		n: readWhole(readText(params, "n")),
	}),
	serialise: ({ run, user, beside, search, order, query, drop, n }) =>
		toParams({
			run,
			user,
			beside,
			search,
			order: order === "user" ? "" : order,
			query,
			drop: drop.map(String),
			n: n === null ? "" : String(n),
		}),
};

/** Null for anything but a whole number of at most nine digits. */
export function readWhole(text: string): number | null {
	return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

export function isChanged({ query, drop, n }: WhatIf): boolean {
	return query !== "" || drop.length > 0 || n !== null;
}

/** `another query, 2 events dropped, N = 3`; empty when nothing is changed. */
export function describeWhatIf({ query, drop, n }: WhatIf): string {
	return [
		query === "" ? null : `searched “${query}”`,
		drop.length === 0 ? null : `${drop.length} ${drop.length === 1 ? "event" : "events"} dropped`,
		n === null ? null : `N = ${n}`,
	]
		.filter((part) => part !== null)
		.join(", ");
}

/** A shopper in the inspector, beside a second run where one is named. */
export function inspectHref(view: { run: string; user: string; beside?: string }): string {
	return `/inspector?${toParams(view)}`;
}
