/** What ends by itself is started again, but not for ever. */
const MOST_RESTARTS = 10;
const WINDOW_MS = 60_000;

/** Counts the restarts of one program: so many in a minute mean that starting it once more will not help. */
export class RestartBudget {
	/** @type {number[]} */
	#restarts = [];

	/** @returns {number | null} how long to wait before the next start, or null when there were too many */
	next(now = Date.now()) {
		this.#restarts = this.#restarts.filter((at) => now - at < WINDOW_MS);
		if (this.#restarts.length >= MOST_RESTARTS) return null;
		this.#restarts.push(now);
		return Math.min(500 * this.#restarts.length, 3_000);
	}
}
