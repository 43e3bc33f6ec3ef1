const STAMP = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z /;
const WINDOW_MS = 60_000;
/** More different messages than these are not kept in mind. */
const MOST_KNOWN = 200;

/**
 * A log in which a message that comes again and again within a minute stands once, and then with its number: what fails
 * twice a second while the record is away must not bury why. Messages get the time at which they came.
 */
export class CountedLines {
	/** @type {Map<string, { from: number, again: number }>} */
	#known = new Map();

	/** @param {(text: string) => void} write @param {() => number} [now] */
	constructor(write, now = Date.now) {
		this.write = write;
		this.now = now;
	}

	/** @param {string} text one message, which may have several lines */
	take(text) {
		const message = text.replace(STAMP, "");
		if (message.trim() === "") return;
		this.sum();
		const known = this.#known.get(message);
		if (known) {
			known.again += 1;
			return;
		}
		if (this.#known.size >= MOST_KNOWN) this.sum(0);
		this.#known.set(message, { from: this.now(), again: 0 });
		this.#print(message.endsWith("\n") ? message : `${message}\n`);
	}

	/** Says how often messages came again whose minute is over. @param {number} [olderThanMs] */
	sum(olderThanMs = WINDOW_MS) {
		for (const [message, { from, again }] of this.#known) {
			const sinceMs = this.now() - from;
			if (sinceMs < olderThanMs) continue;
			this.#known.delete(message);
			if (again === 0) continue;
			const times = again === 1 ? "once more" : `${again} more times`;
			this.#print(`${message.trim().split("\n")[0]} (${times} within ${Math.max(1, Math.round(sinceMs / 1000))} s)\n`);
		}
	}

	/** @param {string} text */
	#print(text) {
		this.write(`${new Date(this.now()).toISOString()} ${text}`);
	}
}
