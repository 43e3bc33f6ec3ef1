import type { Random } from "./random";
import { HOLIDAYS, SEASONS, WINTER } from "./vocabulary/shared";
import type { Holiday, Word } from "./vocabulary/words";

/** The log's first moment, in seconds since 1970: 2025-01-01T00:00:00Z. */
export const LOG_START = 1_735_689_600;
export const SECONDS_A_DAY = 86_400;

/** Days before a holiday on which people shop for it. */
const HOLIDAY_LEAD = 28;

/** The season that shoppers dress for on that day of the log; winter starts in December. */
export function seasonOn(day: number): Word {
	return SEASONS[Math.floor((((day % 365) + 31) % 365) / 91.25)] ?? WINTER;
}

/** The holiday that lies at most four weeks ahead, if any. */
export function holidayAhead(day: number): Holiday | undefined {
	return HOLIDAYS.find((holiday) => holiday.day >= day % 365 && holiday.day - (day % 365) <= HOLIDAY_LEAD);
}

/** A moment of the log, in days from its start: more of them before holidays, by day more than by night. */
export function shoppingMoment(days: number, random: Random): number {
	let day = random.int(days);
	if (!holidayAhead(day) && random.chance(0.35)) day = random.int(days);
	const hour = random.chance(0.85) ? random.between(8, 23) : random.between(0, 8);
	return day + hour / 24;
}

/** Day of the log, with its fraction, of a moment in seconds since 1970. */
export function dayOn(seconds: number): number {
	return (seconds - LOG_START) / SECONDS_A_DAY;
}

/** ISO 8601 in UTC, whole seconds. */
export function isoTime(seconds: number): string {
	return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
