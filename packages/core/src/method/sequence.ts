/** One line of a shopper's log, in the shopper's own order. */
export interface LogEvent {
	action: "search" | "click" | "purchase";
	/** Null for a search. */
	itemId: number | null;
	/** Milliseconds since 1970, or null where the source has no times. */
	at: number | null;
}

export type Split = "train" | "valid" | "test";

export interface SplitPurchase {
	/** Index into the events of the purchase that is to be predicted. */
	target: number;
	split: Split;
	/** Index of the first event of the session that the purchase ends. */
	session: number;
	/** Index of the session's last search, or null. */
	search: number | null;
}

export interface SplitSequence {
	/** For each event whether it stays (clicks on items that are ever bought do not). */
	kept: boolean[];
	/** For each event whether models may be trained on it. */
	train: boolean[];
	/** Purchases with at least one kept event before them. */
	examples: SplitPurchase[];
}

const SESSION_GAP_MS = 24 * 60 * 60 * 1000;

/** For each event the index of its session's first event: a session starts after a purchase or after 24 idle hours. */
export function sessionStarts(events: readonly LogEvent[]): number[] {
	let start = 0;
	return events.map((event, index) => {
		const before = events[index - 1];
		if (before === undefined) return start;
		const idle = event.at !== null && before.at !== null ? event.at - before.at : 0;
		if (before.action === "purchase" || idle >= SESSION_GAP_MS) start = index;
		return start;
	});
}

/** Split of the last purchases of a shopper who bought `bought` times; `fromLast` is 1 for the last purchase. */
export function splitOfPurchase(fromLast: number, bought: number): Split {
	if (fromLast === 1 && bought >= 2) return "test";
	if (fromLast === 2 && bought >= 3) return "valid";
	return "train";
}

/** The protocol `by-time`: where validation and test begin, in milliseconds since 1970, the same for every shopper. */
export interface TimeCut {
	validFrom: number;
	testFrom: number;
}

/**
 * The split of one shopper (docs/contracts.md, "split"): leave-one-out, or by time where `cut` is given. The split stage
 * does the same in SQL for all shoppers at once; its tests compare the two.
 */
export function splitSequence(events: readonly LogEvent[], cut: TimeCut | null = null): SplitSequence {
	const purchases = events.flatMap((event, index) => (event.action === "purchase" ? [index] : []));
	const bought = new Set(purchases.map((index) => events[index]?.itemId));
	const kept = events.map((event) => !(event.action === "click" && bought.has(event.itemId)));
	const parts = cut === null ? null : events.map((event) => partOf(event, cut));
	const sides = purchases.map((index, place): Split | null => {
		if (parts === null) return splitOfPurchase(purchases.length - place, purchases.length);
		const part = parts[index] ?? "test";
		// Of a shopper's held-out purchases only the last one of each part is predicted.
		const isLast = purchases.findLast((other) => parts[other] === part) === index;
		return part === "train" || isLast ? part : null;
	});
	const firstHeldOut = purchases.find((_, place) => sides[place] !== "train") ?? events.length;
	const isTraining = (index: number) => (parts === null ? index < firstHeldOut : parts[index] === "train");
	const sessions = sessionStarts(events);
	const examples = purchases.flatMap((target, place) => {
		const split = sides[place] ?? null;
		if (split === null || !kept.slice(0, target).includes(true)) return [];
		const session = sessions[target] ?? target;
		const search = events.slice(0, target).findLastIndex((event) => event.action === "search");
		return [{ target, split, session, search: search >= session ? search : null }];
	});
	return { kept, train: events.map((_, index) => isTraining(index) && kept[index] === true), examples };
}

function partOf({ at }: LogEvent, { validFrom, testFrom }: TimeCut): Split {
	if (at !== null && at < validFrom) return "train";
	return at !== null && at < testFrom ? "valid" : "test";
}
