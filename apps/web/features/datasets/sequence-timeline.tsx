"use client";
import { Badge, formatAbsoluteTime, formatDate, Missing, Timeline, TimelineBreak, TimelineEntry } from "@atelier/ui";
import { MousePointerClick, Search, ShoppingBag } from "lucide-react";
import { Fragment } from "react";
import { Shown } from "~/features/text/shown";
import { ItemAttributes } from "./item-attributes";
import { prepareSequence, type SequenceEvent } from "./prepare-sequence";

const ICONS = { search: <Search />, click: <MousePointerClick />, purchase: <ShoppingBag /> } as const;
const WORDS = { search: "Searched", click: "Clicked", purchase: "Bought" } as const;
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** A shopper's searches, clicks and purchases from first to last, broken into sessions. */
export function SequenceTimeline({ events }: { events: readonly SequenceEvent[] }) {
	const sessions = prepareSequence(events);
	return (
		<Timeline label="The shopper's sequence">
			{sessions.map((session, index) => (
				<Fragment key={session.ord}>
					<TimelineBreak>
						Session {index + 1}
						{session.startedAt ? ` · ${formatDate(session.startedAt)}` : ""}
					</TimelineBreak>
					{session.events.map((event) => (
						<SequenceEntry key={event.ord} event={event} />
					))}
				</Fragment>
			))}
		</Timeline>
	);
}

function SequenceEntry({ event }: { event: SequenceEvent }) {
	const { action, item, query, at, derived } = event;
	return (
		<TimelineEntry
			icon={ICONS[action]}
			strong={action === "purchase"}
			meta={at ? <time title={formatAbsoluteTime(at)}>{clock.format(at)}</time> : `#${event.ord + 1}`}
			title={
				<>
					<span className="sr-only">{WORDS[action]} </span>
					{action === "search" ? (
						<q>
							<Shown>{query ?? ""}</Shown>
						</q>
					) : item?.title ? (
						<Shown>{item.title}</Shown>
					) : (
						<Missing reason="The source gives no title." />
					)}
				</>
			}
		>
			{item ? <ItemAttributes attributes={item.attributes} /> : null}
			{derived ? <Badge title="Derived from the purchase that follows.">derived</Badge> : null}
		</TimelineEntry>
	);
}
