import type { Outputs } from "~/trpc/client";

export type SequenceEvent = Outputs["datasets"]["sequence"]["events"][number];

export interface SequenceSession {
	/** Its first event's position in the log. */
	ord: number;
	/** Null where the log has no times. */
	startedAt: Date | null;
	events: SequenceEvent[];
}

const GAP_MS = 24 * 60 * 60 * 1000;

/** A shopper's log in sessions: a new one after a purchase or a day without an event, as the split has it. */
export function prepareSequence(events: readonly SequenceEvent[]): SequenceSession[] {
	const sessions: SequenceSession[] = [];
	let previous: SequenceEvent | undefined;
	for (const event of events) {
		const rested = previous?.at && event.at ? event.at.getTime() - previous.at.getTime() > GAP_MS : false;
		const current = sessions.at(-1);
		if (current === undefined || previous?.action === "purchase" || rested) {
			sessions.push({ ord: event.ord, startedAt: event.at, events: [event] });
		} else {
			current.events.push(event);
		}
		previous = event;
	}
	return sessions;
}

/** `3 searches, 5 clicks, 2 purchases`, leaving out what there is none of. */
export function summariseSequence(events: readonly SequenceEvent[]): string {
	const words = { search: ["search", "searches"], click: ["click", "clicks"], purchase: ["purchase", "purchases"] };
	return Object.entries(words)
		.map(([action, [one, many]]) => {
			const count = events.filter((event) => event.action === action).length;
			return count === 0 ? null : `${count} ${count === 1 ? one : many}`;
		})
		.filter((part) => part !== null)
		.join(", ");
}
