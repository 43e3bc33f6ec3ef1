/** Something that the person at the terminal can act on: printed as one sentence, without a stack. */
export class Failure extends Error {}

/**
 * The sentence for an error: our own failures speak for themselves, and a full disk is named whoever met it.
 * @param {unknown} error
 * @returns {string}
 */
export function sentenceFor(error) {
	if (error instanceof Failure) return error.message;
	if (error instanceof Error) {
		if (isDiskFull(error.message) || ("code" in error && error.code === "ENOSPC")) return DISK_FULL;
		return error.stack ?? error.message;
	}
	return String(error);
}

export const DISK_FULL =
	"The disk is full: free at least 4 GB where the checkout lies (2 GB of them for the trainer) and run the command again.";

/** @param {string} text output of a program that failed */
export function isDiskFull(text) {
	return /ENOSPC|no space left on device|disk quota exceeded|not enough space on the disk/i.test(text);
}
