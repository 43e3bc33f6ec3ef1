import type { StoredFile } from "@atelier/core";

export interface CheckOptions {
	/** Read every byte, whatever is known of the files. */
	isFull?: boolean | undefined;
	/** Names and sizes only. */
	isSurface?: boolean | undefined;
	signal?: AbortSignal | undefined;
	onBytes?: ((count: number) => void) | undefined;
}

export interface Check {
	/** What is wrong with it, in words that follow its name; null where nothing is. */
	damage: string | null;
	/** Whether every byte was read now. */
	wasRead: boolean;
}

/** Says whether artifacts are what was written. */
export interface ArtifactChecker {
	/**
	 * Every file there with its size and checksum, nothing besides, nothing a link.
	 *
	 * @param files as the record lists them
	 * @throws AppError UNAVAILABLE when the store itself is not there: a disk that is not mounted damages nothing
	 */
	check(ref: string, files: readonly StoredFile[], options?: CheckOptions): Promise<Check>;

	/** The list that the record keeps of an artifact; null where there is no artifact, or none that says what it is. */
	filesOf(ref: string, options?: CheckOptions): Promise<StoredFile[] | null>;
}
