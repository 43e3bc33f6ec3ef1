import { copyFileSync, existsSync, renameSync, statSync, truncateSync } from "node:fs";

const MOST_BYTES = 5_000_000;
/** Earlier parts that stay: `console.log.1` is the last one. */
const KEPT = 3;
const LOOK_EVERY_MS = 5_000;

/**
 * Moves a log that has grown too large aside. It is copied and emptied, not renamed: the program that writes holds the
 * file itself, opened for appending, and outlives us when we are killed.
 *
 * @param {string} file
 * @param {{ mostBytes?: number, kept?: number }} [limits]
 * @returns {boolean} whether it was moved
 */
export function rotateLog(file, { mostBytes = MOST_BYTES, kept = KEPT } = {}) {
	if (!existsSync(file) || statSync(file).size < mostBytes) return false;
	for (let part = kept - 1; part >= 1; part -= 1) {
		if (existsSync(`${file}.${part}`)) renameSync(`${file}.${part}`, `${file}.${part + 1}`);
	}
	copyFileSync(file, `${file}.1`);
	truncateSync(file, 0);
	return true;
}

/**
 * Keeps logs small for as long as this process lives.
 * @param {() => string[]} files
 * @returns {() => void} ends that
 */
export function keepLogsSmall(files) {
	const timer = setInterval(() => {
		try {
			for (const file of files()) rotateLog(file);
		} catch {
			// A full disk is told by whoever writes; the next round tries again.
		}
	}, LOOK_EVERY_MS);
	timer.unref();
	return () => clearInterval(timer);
}
