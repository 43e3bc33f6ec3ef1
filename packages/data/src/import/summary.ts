import type { DatasetManifest } from "@atelier/core";
import { z } from "zod";
import type { ImportContext } from "./import-context";

const figures = z.object({
	firstAt: z.date().nullable(),
	lastAt: z.date().nullable(),
	moments: z.number(),
	events: z.number(),
	users: z.number(),
	median: z.number(),
	most: z.number(),
	single: z.number(),
	items: z.number(),
	titled: z.number(),
	described: z.number(),
	titles: z.number(),
	touched: z.number(),
	purchases: z.number(),
	purchased: z.number(),
});
type Figures = z.infer<typeof figures>;

/** What tells a wrong reading of a log at a glance, before anything is trained on it. */
export async function summarise({ db }: ImportContext): Promise<NonNullable<DatasetManifest["summary"]>> {
	const found = await db.one(
		figures,
		`WITH per_user AS (SELECT user_id, count(*) AS events FROM interactions GROUP BY user_id)
		SELECT (SELECT min(stamp) FROM interactions) AS "firstAt", (SELECT max(stamp) FROM interactions) AS "lastAt",
			(SELECT count(DISTINCT stamp) FROM interactions) AS moments, (SELECT count(*) FROM interactions) AS events,
			(SELECT count(*) FROM per_user) AS users, (SELECT median(events)::DOUBLE FROM per_user) AS median,
			(SELECT max(events) FROM per_user) AS most, (SELECT count(*) FROM per_user WHERE events = 1) AS single,
			(SELECT count(*) FROM items) AS items, (SELECT count(*) FROM items WHERE title <> item_key) AS titled,
			(SELECT count(*) FROM items WHERE attributes <> '{}') AS described,
			(SELECT count(DISTINCT title) FROM items) AS titles,
			(SELECT count(DISTINCT item_id) FROM interactions) AS touched,
			(SELECT count(*) FROM interactions WHERE action = 'purchase') AS purchases,
			(SELECT count(DISTINCT item_id) FROM interactions WHERE action = 'purchase') AS purchased`,
	);
	return {
		firstAt: found.firstAt?.toISOString() ?? null,
		lastAt: found.lastAt?.toISOString() ?? null,
		eventsPerUser: { median: found.median, most: found.most },
		withTitle: found.titled / found.items,
		withAttributes: found.described / found.items,
		odd: oddities(found),
	};
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(0)} %`;

function oddities(found: Figures): string[] {
	const { firstAt, lastAt, moments, events, users, most, single, items, titled, titles, touched, purchases } = found;
	const odd: string[] = [];
	const say = (holds: boolean, words: string) => {
		if (holds) odd.push(words);
	};
	if (firstAt !== null && lastAt !== null) {
		say(firstAt.getUTCFullYear() < 1995, `the first event is of ${firstAt.getUTCFullYear()}: were its numbers times?`);
		say(
			lastAt.getTime() > Date.now() + DAY_MS,
			`the last event lies in the future (${lastAt.toISOString().slice(0, 10)})`,
		);
		say(events > 1 && moments === 1, "all events have the same time");
		say(
			moments > 1 && lastAt.getTime() - firstAt.getTime() < 60_000 && events > 100,
			"all events lie within a minute: is the unit of the times right?",
		);
	}
	say(users === 1, "there is one user");
	say(users > 1 && events >= 20 && most > events / 2, `one user has ${percent(most, events)} of all events`);
	say(
		users > 1 && single > users / 2,
		`${percent(single, users)} of the users have a single event: nothing follows from one`,
	);
	say(purchases === 0, "there are no purchases: split.target=click learns from clicks");
	say(titled === 0, "no item has a title: methods that read text see ids alone");
	say(titled > 0 && titled < items / 2, `${percent(items - titled, items)} of the items have no title`);
	say(items > 10 && titles < items / 10, `the items share ${titles} titles: is that column the title?`);
	say(touched < items / 2, `${percent(items - touched, items)} of the items occur in no event`);
	return odd;
}

const DAY_MS = 86_400_000;
