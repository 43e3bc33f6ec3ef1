import type { StoredFile } from "@atelier/core";

export interface ArtifactCheckOptions {
	/** Read every byte, whatever is known of the files. */
	isFull?: boolean | undefined;
	/** Names and sizes only. */
	isSurface?: boolean | undefined;
	signal?: AbortSignal | undefined;
	onBytes?: ((count: number) => void) | undefined;
}

/** What looks at the files themselves: `Verifier` of @atelier/data. `ref` is what the record names an artifact by. */
export interface ArtifactChecker {
	check(
		ref: string,
		files: readonly StoredFile[],
		options?: ArtifactCheckOptions,
	): Promise<{ damage: string | null; wasRead: boolean }>;
	list(ref: string, options?: ArtifactCheckOptions): Promise<StoredFile[] | null>;
}
