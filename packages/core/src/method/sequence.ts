/** One line of a shopper's log, in the shopper's own order. */
export interface LogEvent {
	action: "search" | "click" | "purchase";
	/** Null for a search. */
	itemId: number | null;
	/** Milliseconds since 1970, or null where the source has no times. */
	at: number | null;
}

export type Split = "train" | "valid" | "test";

export interface SplitExample {
	/** Index into the events of the purchase (or click) that is to be predicted. */
	target: number;
	split: Split;
	/** Index of the first event of its session. */
	session: number;
	/** Index of the session's last search before it, or null. */
	search: number | null;
}

export interface SplitSequence {
	/** For each event whether it stays: {@link keptEvents}. */
	kept: boolean[];
	/** For each event whether models may be trained on it. */
	train: boolean[];
	/** Targets with at least one kept event before them. */
	examples: SplitExample[];
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

export type SplitTarget = "purchase" | "click";

/**
 * Which events stay. Where purchases are predicted, clicks on an item that is ever bought would give the answer away
 * (paper, section 5.1). Where clicks are, a click on the item of the click right before it (searches aside) would: a page
 * that is loaded again is no choice.
 */
export function keptEvents(events: readonly LogEvent[], target: SplitTarget = "purchase"): boolean[] {
	if (target === "purchase") {
		const bought = new Set(events.flatMap(({ action, itemId }) => (action === "purchase" ? [itemId] : [])));
		return events.map(({ action, itemId }) => !(action === "click" && bought.has(itemId)));
	}
	let before: LogEvent | undefined;
	return events.map((event) => {
		if (event.action === "search") return true;
		const isRepeated = event.action === "click" && before?.action === "click" && before.itemId === event.itemId;
		before = event;
		return !isRepeated;
	});
}

/**
 * The split of one shopper (docs/contracts.md, "split"): leave-one-out, or by time where `cut` is given. The split stage
 * does the same in SQL for all shoppers at once; its tests compare the two.
 */
export function splitSequence(
	events: readonly LogEvent[],
	cut: TimeCut | null = null,
	target: SplitTarget = "purchase",
): SplitSequence {
	const kept = keptEvents(events, target);
	const targets = events.flatMap((event, index) => (event.action === target && kept[index] ? [index] : []));
	const parts = cut === null ? null : events.map((event) => partOf(event, cut));
	const sides = targets.map((index, place): Split | null => {
		if (parts === null) return splitOfPurchase(targets.length - place, targets.length);
		const part = parts[index] ?? "test";
		// Of a shopper's held-out targets only the last one of each part is predicted.
		const isLast = targets.findLast((other) => parts[other] === part) === index;
		return part === "train" || isLast ? part : null;
	});
	const firstHeldOut = targets.find((_, place) => sides[place] !== "train") ?? events.length;
	const isTraining = (index: number) => (parts === null ? index < firstHeldOut : parts[index] === "train");
	const sessions = sessionStarts(events);
	const examples = targets.flatMap((at, place) => {
		const split = sides[place] ?? null;
		if (split === null || !kept.slice(0, at).includes(true)) return [];
		const session = sessions[at] ?? at;
		const search = events.slice(0, at).findLastIndex((event) => event.action === "search");
		return [{ target: at, split, session, search: search >= session ? search : null }];
	});
	return { kept, train: events.map((_, index) => isTraining(index) && kept[index] === true), examples };
}

function partOf({ at }: LogEvent, { validFrom, testFrom }: TimeCut): Split {
	if (at !== null && at < validFrom) return "train";
	return at !== null && at < testFrom ? "valid" : "test";
}
