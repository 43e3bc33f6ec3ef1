const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds as `340 ms`, `8.2 s`, `2 m 14 s`, `3 h 5 m`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
	if (!Number.isFinite(ms)) return "–";
	if (ms < SECOND) return `${Math.round(ms)} ms`;
	if (ms < 9950) return `${(ms / SECOND).toFixed(1)} s`;
	const whole = Math.round(ms / SECOND) * SECOND;
	if (whole < MINUTE) return `${whole / SECOND} s`;
	if (whole < HOUR) return pair(whole, MINUTE, "m", SECOND, "s");
	if (whole < DAY) return pair(whole, HOUR, "h", MINUTE, "m");
	return pair(whole, DAY, "d", HOUR, "h");
}

function pair(ms: number, large: number, largeName: string, small: number, smallName: string): string {
	const rest = Math.floor((ms % large) / small);
	const head = `${Math.floor(ms / large)} ${largeName}`;
	return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}

/** `just now`, `3 min ago`, `5 h ago`, `2 d ago`, then the date. A time ahead of the clock reads as `just now`. */
export function formatRelativeTime(at: Date, now: number): string {
	const ago = now - at.getTime();
	if (ago < 45 * SECOND) return "just now";
	if (ago < HOUR) return `${Math.max(1, Math.round(ago / MINUTE))} min ago`;
	if (ago < DAY) return `${Math.round(ago / HOUR)} h ago`;
	if (ago < 14 * DAY) return `${Math.round(ago / DAY)} d ago`;
	return formatDate(at);
}

const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const dateTime = new Intl.DateTimeFormat("en-GB", {
	day: "numeric",
	month: "short",
	year: "numeric",
	hour: "2-digit",
	minute: "2-digit",
	second: "2-digit",
});

/** `23 Nov 2026`. */
export function formatDate(at: Date): string {
	return date.format(at);
}

/** `23 Nov 2026, 20:04:17`, in the reader's time zone. */
export function formatAbsoluteTime(at: Date): string {
	return dateTime.format(at);
}
