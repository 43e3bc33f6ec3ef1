import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { AppError, type StoredFile } from "@atelier/core";
import type { Inbox } from "../inbox";
import type { ArtifactChecker, Check, CheckOptions } from "../integrity/artifact-checker";
import { isArtifactFile } from "../integrity/artifact-files";
import { DOCUMENTS, listedIn } from "../integrity/artifact-list";
import { fileFacts } from "../integrity/file-facts";
import { FileHashes } from "../integrity/file-hashes";
import { FolderChecker } from "../integrity/folder-checker";
import { checkedName, parseRef, type Ref, sealOf } from "../refs";
import { sealLast } from "../seal-last";
import { hashOfStream } from "../sha256";
import type { ByteRange, FolderOptions, Store } from "../store";
import type { Bucket, StoredObject } from "./bucket";
import { Cache } from "./cache";
import { checkObjects } from "./check-objects";
import { inParallel } from "./in-parallel";
import { pullFile } from "./pull-file";
import { inboxes, S3Inbox } from "./s3-inbox";
import { upload } from "./upload";

const OWNER = "record-id";
const AT_ONCE = 4;

export interface S3StoreOptions {
	bucket: Bucket;
	/** Local folder for what was fetched and for what is being made. */
	root: string;
	/** What was fetched may take; what is in use is kept beyond it. */
	cacheBytes: number;
}

/**
 * The store as a bucket of any S3-compatible server, one object a file. Files are fetched at their first use, compared
 * with the receipt, and kept in a cache; an artifact that was made here is in the cache already.
 */
export class S3Store implements Store {
	readonly root: string;
	readonly drafts: ArtifactChecker;
	private readonly bucket: Bucket;
	private readonly cache: Cache;
	private readonly local = new FileHashes();
	/** Objects whose bytes were compared by this process, as key and etag. */
	private readonly seen = new Set<string>();
	private readonly pulls = new Map<string, Promise<void>>();

	constructor({ bucket, root, cacheBytes }: S3StoreOptions) {
		this.bucket = bucket;
		this.root = root;
		this.cache = new Cache(root, cacheBytes);
		this.drafts = new FolderChecker(root);
	}

	get place(): string {
		return this.bucket.place;
	}

	async folder(ref: Ref, { files, holder, signal }: FolderOptions = {}): Promise<string> {
		const folder = this.draft(ref);
		await this.cache.lease(ref, holder);
		const listed = (await this.cache.listed(ref)) ?? (await this.contents(ref));
		const wanted = files === undefined ? listed : files.map((name) => this.wanted(ref, listed, name));
		const missing: StoredFile[] = [];
		for (const file of wanted) if (!(await this.isCached(join(folder, file.path), file))) missing.push(file);
		if (missing.length === 0) return folder;
		await this.cache.makeRoom(missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
		await this.cache.mark(ref, listed);
		await inParallel(AT_ONCE, missing, (file) => this.pull(ref, folder, file, signal));
		return folder;
	}

	release(holder: string): Promise<void> {
		return this.cache.release(holder);
	}

	draft(ref: Ref): string {
		return this.cache.folder(ref);
	}

	async publish(ref: Ref, folder: string, files: readonly StoredFile[]): Promise<void> {
		const ordered = sealLast(ref, files);
		const seal = ordered.pop();
		const there = new Set((await this.objects(ref)).map(({ key }) => key));
		const send = async (file: StoredFile) => {
			const key = `${ref}/${file.path}`;
			const known = there.has(key) ? await this.bucket.head(key) : null;
			if (known?.sha256 === file.sha256 && known.sizeBytes === file.sizeBytes) return;
			await upload(this.bucket, key, join(folder, file.path), file);
		};
		await inParallel(AT_ONCE, ordered, send);
		if (seal !== undefined) await send(seal);
		if (folder !== this.draft(ref)) return;
		// Whoever made it reads it next.
		await this.cache.lease(ref);
		await this.cache.mark(ref, files);
		await this.cache.makeRoom(0);
	}

	async file(ref: Ref, name: string, range?: ByteRange): Promise<Readable> {
		parseRef(ref);
		const body = await this.bucket.get(`${ref}/${checkedName(name)}`, range);
		if (body === null) throw this.lacks(ref, name);
		return body;
	}

	async has(ref: Ref): Promise<boolean> {
		return (await this.bucket.head(`${ref}/${sealOf(ref)}`)) !== null;
	}

	async *list(prefix: string): AsyncIterable<Ref> {
		for (const below of prefix === "" ? ["datasets/", "stages/"] : [prefix]) {
			const parts = below.startsWith("stages/") ? 4 : 2;
			const drafts = new Set<Ref>();
			for await (const ref of this.cache.drafts(below)) drafts.add(ref);
			let last: Ref | undefined;
			for await (const { key } of this.bucket.list(below)) {
				const ref = key.split("/").slice(0, parts).join("/");
				// Objects come in the order of their keys: those of one artifact stand together.
				if (ref === last) continue;
				last = ref;
				drafts.delete(ref);
				yield ref;
			}
			yield* drafts;
		}
	}

	async remove(ref: Ref): Promise<void> {
		const seal = `${ref}/${sealOf(ref)}`;
		await this.bucket.remove([seal]);
		await this.bucket.remove((await this.objects(ref)).map(({ key }) => key));
		await this.cache.remove(ref);
	}

	address(ref: Ref, name: string, way: "get" | "put", expiresInSeconds: number): Promise<string> {
		parseRef(ref);
		return this.bucket.address(`${ref}/${checkedName(name)}`, way, expiresInSeconds);
	}

	inbox(attempt: string): Inbox {
		return new S3Inbox(this.bucket, attempt);
	}

	inboxes(): AsyncIterable<string> {
		return inboxes(this.bucket);
	}

	async isOwnedBy(recordId: string): Promise<boolean> {
		const owner = await this.owner();
		if (owner !== null) return owner === recordId;
		for await (const _ of this.bucket.list("")) return false;
		await this.bucket.putNew(OWNER, recordId);
		return (await this.owner()) === recordId;
	}

	async owner(): Promise<string | null> {
		const body = await this.bucket.get(OWNER);
		return body === null ? null : (await buffer(body)).toString();
	}

	async check(ref: Ref, files: readonly StoredFile[], options: CheckOptions = {}): Promise<Check> {
		parseRef(ref);
		return checkObjects(this.bucket, { ref, files, seen: this.seen, objects: await this.objects(ref) }, options);
	}

	async filesOf(ref: Ref): Promise<StoredFile[] | null> {
		try {
			return await this.contents(ref);
		} catch (error) {
			if (error instanceof AppError && error.code === "NOT_FOUND") return null;
			throw error;
		}
	}

	/** The artifact's files as its seal lists them, and its documents; what is not listed is known by its own checksum. */
	private async contents(ref: Ref): Promise<StoredFile[]> {
		const seal = sealOf(ref);
		const objects = await this.objects(ref);
		const names = new Map(objects.map((object) => [object.key.slice(ref.length + 1), object]));
		if (!names.has(seal)) throw this.lacks(ref, seal);
		const listed = listedIn((await buffer(await this.file(ref, seal))).toString()) ?? [];
		const isListed = new Set(listed.map(({ path }) => path));
		const found = [...listed];
		for (const [path, { key, sizeBytes }] of names) {
			if (isListed.has(path) || (listed.length > 0 && !DOCUMENTS.includes(path))) continue;
			found.push({ path, sizeBytes, sha256: (await this.bucket.head(key))?.sha256 ?? (await this.sumOf(key)) });
		}
		return found;
	}

	/** Of a small document that someone else put there. */
	private async sumOf(key: string): Promise<string> {
		const body = await this.bucket.get(key);
		return body === null ? "" : hashOfStream(body);
	}

	private wanted(ref: Ref, listed: readonly StoredFile[], name: string): StoredFile {
		const file = listed.find(({ path }) => path === checkedName(name));
		if (file === undefined) throw this.lacks(ref, name);
		return file;
	}

	private async isCached(path: string, { sizeBytes, sha256 }: StoredFile): Promise<boolean> {
		const facts = await fileFacts(path);
		if (typeof facts === "string" || facts.sizeBytes !== sizeBytes) return false;
		return (await this.local.of(path, facts, {}))?.sha256 === sha256;
	}

	/** Stages that start together want the same files. */
	private pull(ref: Ref, folder: string, file: StoredFile, signal: AbortSignal | undefined): Promise<void> {
		const key = `${ref}/${checkedName(file.path)}`;
		const active =
			this.pulls.get(key) ??
			pullFile(this.bucket, key, join(folder, file.path), file, signal).finally(() => this.pulls.delete(key));
		this.pulls.set(key, active);
		return active;
	}

	private async objects(ref: Ref): Promise<StoredObject[]> {
		const objects: StoredObject[] = [];
		for await (const object of this.bucket.list(`${ref}/`)) {
			if (isArtifactFile(object.key.slice(ref.length + 1))) objects.push(object);
		}
		return objects;
	}

	private lacks(ref: Ref, name: string): AppError {
		return new AppError("NOT_FOUND", `${name} of ${ref} is not in the store ${this.place}.`);
	}
}
