import { AppError, keptEvents, type PromptEvent, type SplitTarget } from "@atelier/core";
import type { Example } from "@atelier/db";
import type { SequenceEvent } from "../rows/sequence";

export interface LiveHistoryRequest {
	/** The shopper's whole log, oldest first. */
	events: readonly SequenceEvent[];
	example: Pick<Example, "targetOrd" | "sessionOrd">;
	/** What the run predicts. */
	target: SplitTarget;
	/** In place of the session's last search. */
	query: string | undefined;
	/** `ord` of events to leave out. */
	drop: readonly number[];
}

/**
 * The history that the split would give, changed as asked, and the query that stands last in its session.
 *
 * @throws AppError BAD_REQUEST when an event to leave out is not in the history.
 */
export function liveHistory({ events, example, target, query, drop }: LiveHistoryRequest): {
	history: PromptEvent[];
	query: string | null;
} {
	const kept = keptEvents(
		events.map(({ action, item, at }) => ({ action, itemId: item?.itemId ?? null, at: at?.getTime() ?? null })),
		target,
	);
	const known = events.filter((event) => event.ord < example.targetOrd).map((event) => event.ord);
	const unknown = drop.find((ord) => !known.includes(ord));
	if (unknown !== undefined) {
		const numbers = known.length === 0 ? "The history is empty." : `Its numbers: ${known[0]} to ${known.at(-1)}.`;
		throw new AppError("BAD_REQUEST", `The history has no event ${unknown}. ${numbers}`);
	}
	const left = events.filter((event, i) => kept[i] && event.ord < example.targetOrd && !drop.includes(event.ord));
	const lastSearch = left.findLastIndex((event) => event.action === "search" && event.ord >= example.sessionOrd);
	const history = left.flatMap((event, i): PromptEvent[] => {
		if (event.action === "search") {
			return [{ action: "search", query: i === lastSearch ? (query ?? event.query ?? "") : (event.query ?? "") }];
		}
		return event.item === null ? [] : [{ action: event.action, item: event.item }];
	});
	if (query !== undefined && lastSearch === -1) history.push({ action: "search", query });
	return { history, query: query ?? left[lastSearch]?.query ?? null };
}
