import type { StoredFile } from "@atelier/core";

export interface InboxFile {
	name: string;
	sizeBytes: number;
	/** Opaque; another one for other content. */
	etag: string;
}

/**
 * Where a stage on another machine and the worker leave things for each other, by addresses of the store alone: one place an
 * attempt, apart from every artifact. Nothing in it counts before the worker has brought it over, so an address that
 * outlives its attempt opens nothing that anybody reads.
 */
export interface Inbox {
	list(): AsyncIterable<InboxFile>;

	/** A small document; null where it is not there. */
	read(name: string): Promise<string | null>;

	/** @throws AppError BAD_DATA when it has other content than is listed, NOT_FOUND when it is not there */
	bring(name: string, target: string, file: StoredFile): Promise<void>;

	write(name: string, text: string): Promise<void>;
	send(name: string, path: string, file: StoredFile): Promise<void>;
	address(name: string, way: "get" | "put", expiresInSeconds: number): Promise<string>;

	/** With everything in it: whoever still asks finds nothing. */
	remove(): Promise<void>;
}
