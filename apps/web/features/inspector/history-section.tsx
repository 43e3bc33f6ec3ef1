"use client";
import {
	Badge,
	Button,
	formatAbsoluteTime,
	formatDate,
	formatPlural,
	IconButton,
	Missing,
	Timeline,
	TimelineBreak,
	TimelineEntry,
} from "@atelier/ui";
import { MousePointerClick, Search, ShoppingBag, Undo2, X } from "lucide-react";
import { Fragment, useState } from "react";
import { ItemAttributes } from "~/features/datasets/item-attributes";
import { summariseSequence } from "~/features/datasets/prepare-sequence";
import { Shown } from "~/features/text/shown";
import type { HistoryEvent } from "./inspector-types";
import { newestSessions, prepareHistory } from "./prepare-history";
import { Step } from "./step";

const ICONS = { search: <Search />, click: <MousePointerClick />, purchase: <ShoppingBag /> } as const;
const WORDS = { search: "Searched", click: "Clicked", purchase: "Bought" } as const;
const SHOWN_AT_LEAST = 8;
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export interface HistorySectionProps {
	history: readonly HistoryEvent[];
	/** `ord` of the events that the what-if leaves out. */
	dropped: readonly number[];
	/** Absent where nothing can be recomputed. */
	onDrop?: (ord: number, dropped: boolean) => void;
}

/** What the model was given: the shopper's log before the purchase that is held out. */
export function HistorySection({ history, dropped, onDrop }: HistorySectionProps) {
	const [whole, setWhole] = useState(false);
	const sessions = prepareHistory(history);
	const asked = history.findLast(({ action, inSession }) => action === "search" && inSession)?.ord;
	const shown = newestSessions(sessions, whole ? history.length : SHOWN_AT_LEAST);
	return (
		<Step number={1} title="History" description={summariseSequence(history)}>
			{shown.earlier > 0 ? (
				<Button size="sm" className="mb-4" onClick={() => setWhole(true)}>
					Show {formatPlural(shown.earlier, "earlier event")}
				</Button>
			) : null}
			<Timeline label="The shopper's history">
				{shown.sessions.map((session) => (
					<Fragment key={session.ord}>
						<TimelineBreak>
							Session {session.number}
							{session.startedAt ? ` · ${formatDate(session.startedAt)}` : ""}
							{session.last ? (
								<Badge tone="accent" title="The session that ends in the purchase that is held out.">
									last session
								</Badge>
							) : null}
						</TimelineBreak>
						{session.events.map((event) => (
							<HistoryEntry
								key={event.ord}
								event={event}
								asked={event.ord === asked}
								dropped={dropped.includes(event.ord)}
								onDrop={event.inInput ? onDrop : undefined}
							/>
						))}
					</Fragment>
				))}
			</Timeline>
		</Step>
	);
}

interface HistoryEntryProps {
	event: HistoryEvent;
	/** The memory is asked with it. */
	asked: boolean;
	dropped: boolean;
	onDrop?: (ord: number, dropped: boolean) => void;
}

function HistoryEntry({ event, asked, dropped, onDrop }: HistoryEntryProps) {
	const { ord, action, item, query, at, derived, inInput } = event;
	return (
		<TimelineEntry
			icon={ICONS[action]}
			strong={action === "purchase"}
			dropped={dropped}
			meta={at ? <time title={formatAbsoluteTime(at)}>{clock.format(at)}</time> : `#${ord + 1}`}
			action={
				onDrop ? (
					<IconButton
						size="sm"
						label={`${dropped ? "Restore" : "Leave out"}: ${query ?? item?.title ?? "event"}`}
						onClick={() => onDrop(ord, !dropped)}
					>
						{dropped ? <Undo2 /> : <X />}
					</IconButton>
				) : (
					// Keeps the times in one column where single events cannot be left out.
					<span className="block w-6" />
				)
			}
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
			<span className="flex flex-wrap items-center gap-x-2 gap-y-1 empty:hidden">
				{item ? <ItemAttributes attributes={item.attributes} /> : null}
				{asked ? (
					<Badge title="The last search before the purchase: the memory is asked with it.">last query</Badge>
				) : null}
				{derived ? <Badge title="Derived from the purchase that follows; it tells its category.">derived</Badge> : null}
				{inInput ? null : (
					<Badge title="Clicks on items that the shopper ever bought leave the input, so that they do not give the answer away.">
						not in the input
					</Badge>
				)}
			</span>
		</TimelineEntry>
	);
}
