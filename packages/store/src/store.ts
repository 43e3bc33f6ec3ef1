import type { Readable } from "node:stream";
import type { StoredFile } from "@atelier/core";
import type { Inbox } from "./inbox";
import type { ArtifactChecker } from "./integrity/artifact-checker";
import type { Ref } from "./refs";

/** Bytes of a file, as HTTP counts them from 0; `end` is the last one, and without it the rest is meant. */
export interface ByteRange {
	start: number;
	end?: number | undefined;
}

export interface FolderOptions {
	/** Names of the files that are needed; all of them when absent. Where they lie elsewhere, no others are fetched. */
	files?: readonly string[] | undefined;
	/**
	 * Who reads: what it holds is not removed from a cache until {@link Store.release}. Without a holder what was fetched
	 * stays for a quarter of an hour at least.
	 */
	holder?: string | undefined;
	signal?: AbortSignal | undefined;
}

/**
 * Where artifacts lie: datasets, and what attempts of stages left. Every one is a set of files named by a {@link Ref},
 * written once and never changed, and whole exactly when its seal (receipt or manifest) is there.
 *
 * Every method throws AppError UNAVAILABLE while the store itself cannot be reached, which says nothing of what is in it.
 */
export interface Store extends ArtifactChecker {
	/** For people: the folder, or `s3://bucket/prefix`. */
	readonly place: string;
	/** Local folder, laid out by refs, in which artifacts are made; for the folder store that is where they stay. */
	readonly root: string;

	/**
	 * A local folder with an artifact's files: its own, or one into which they were brought and checked. Only to be read.
	 *
	 * @throws AppError NOT_FOUND when there is no such artifact, or it lacks a file that is needed
	 */
	folder(ref: Ref, options?: FolderOptions): Promise<string>;

	/** Lets a cache remove what `holder` was given by {@link Store.folder}. */
	release(holder: string): Promise<void>;

	/** Local folder in which an artifact is made before it is published; the caller creates it. */
	draft(ref: Ref): string;

	/** Checks what is in {@link Store.draft} folders, as the store checks what was published. */
	readonly drafts: ArtifactChecker;

	/**
	 * Makes an artifact of a local folder. What is there already with the right content is not sent again, and the seal
	 * comes last: until then nobody takes it for whole, and calling again goes on.
	 *
	 * @param files what is published, as the record lists it, the seal among them
	 * @throws AppError BAD_DATA when a file is not as it is listed, or the seal is not listed
	 */
	publish(ref: Ref, folder: string, files: readonly StoredFile[]): Promise<void>;

	/** @throws AppError NOT_FOUND when there is no such file */
	file(ref: Ref, name: string, range?: ByteRange): Promise<Readable>;

	/** Whether the artifact is there, whole. */
	has(ref: Ref): Promise<boolean>;

	/**
	 * Everything that is there below a prefix that ends with `/` (`stages/`, `stages/KIND/KEY/`), also what is not whole:
	 * attempts at work, and what was given up.
	 */
	list(prefix: string): AsyncIterable<Ref>;

	/** Removes an artifact, its seal first. One that is not there is no error. */
	remove(ref: Ref): Promise<void>;

	/**
	 * An address under which one file can be read or written over HTTP by whoever has it; null where the store has none and
	 * the console's own route must do. Whoever writes says `Content-MD5`, by which the server compares what arrives.
	 *
	 * @param expiresInSeconds from now
	 */
	address(ref: Ref, name: string, way: "get" | "put", expiresInSeconds: number): Promise<string | null>;

	/** What a remote stage and the worker leave for each other; null where the store has no addresses of its own. */
	inbox(attempt: string): Inbox | null;

	/** Attempts that have an inbox with anything in it. */
	inboxes(): AsyncIterable<string>;

	/**
	 * Whether the store belongs to this record: the first that asks of an empty store has it. With another record (a
	 * `DATABASE_URL` that was changed) everything in it would look unnamed.
	 */
	isOwnedBy(recordId: string): Promise<boolean>;

	/** Id of the record to which the store belongs; null where none has asked yet. */
	owner(): Promise<string | null>;
}
