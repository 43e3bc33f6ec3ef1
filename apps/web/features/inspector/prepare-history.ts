import { prepareSequence } from "~/features/datasets/prepare-sequence";
import type { HistoryEvent } from "./inspector-types";

export interface HistorySession {
	/** Its first event's position in the log. */
	ord: number;
	/** 1-based over the whole history. */
	number: number;
	/** Null where the log has no times. */
	startedAt: Date | null;
	/** The session that ends in the ground truth. */
	last: boolean;
	events: HistoryEvent[];
}

/** The history in sessions, oldest first; the session of the ground truth is marked. */
export function prepareHistory(history: readonly HistoryEvent[]): HistorySession[] {
	const byOrd = new Map(history.map((event) => [event.ord, event]));
	return prepareSequence(history).map(({ ord, startedAt, events }, index) => {
		const own = events.flatMap((event) => byOrd.get(event.ord) ?? []);
		return { ord, number: index + 1, startedAt, last: own.some(({ inSession }) => inSession), events: own };
	});
}

/** The newest whole sessions that hold at least `atLeast` events, and how many events come before them. */
export function newestSessions(sessions: readonly HistorySession[], atLeast: number) {
	let from = sessions.length;
	let shown = 0;
	while (from > 0 && shown < atLeast) {
		from -= 1;
		shown += sessions[from]?.events.length ?? 0;
	}
	const earlier = sessions.slice(0, from).reduce((sum, session) => sum + session.events.length, 0);
	return { sessions: sessions.slice(from), earlier };
}
