import { formatAbsoluteTime, formatCount } from "@atelier/ui";
import type { DatasetDetail } from "./dataset-actions";

type Reading = Pick<DatasetDetail, "hasTimes" | "summary" | "warned">;

/** How a log was read, as entries of a list: what a person compares with what they know of it. */
export function readingEntries({ hasTimes, summary }: Reading): { key: string; value: string }[] {
	if (summary === null) return [{ key: "Times", value: hasTimes ? "in the log" : "order only" }];
	const { firstAt, lastAt, eventsPerUser, withTitle, withAttributes } = summary;
	const share = (value: number) => `${(100 * value).toFixed(0)} %`;
	return [
		{ key: "First event", value: firstAt === null ? "order only" : formatAbsoluteTime(new Date(firstAt)) },
		{ key: "Last event", value: lastAt === null ? "order only" : formatAbsoluteTime(new Date(lastAt)) },
		{ key: "Events a user", value: `${eventsPerUser.median} median, ${formatCount(eventsPerUser.most)} most` },
		{ key: "Items with a title", value: share(withTitle) },
		{ key: "Items with attributes", value: share(withAttributes) },
	];
}

/** What looks odd, then what was left out of rows that were kept, in sentences. */
export function readingNotes({ summary, warned }: Reading): string[] {
	const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
	return [
		...(summary?.odd ?? []).map((words) => `${sentence(words)}.`),
		...Object.entries(warned).map(([what, rows]) => `${sentence(what)} (${formatCount(rows)} ×).`),
	];
}
