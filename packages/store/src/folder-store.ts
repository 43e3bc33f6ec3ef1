import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { AppError, type StoredFile } from "@atelier/core";
import { copyVerified } from "./copy-verified";
import { isAbsence } from "./integrity/file-facts";
import { FolderChecker } from "./integrity/folder-checker";
import { checkedName, parseRef, type Ref, sealOf } from "./refs";
import { sealLast } from "./seal-last";
import type { ByteRange, FolderOptions, Store } from "./store";

const OWNER = "record-id";

/** The store as a folder of this machine, laid out by refs. What an attempt writes is in its place from the start. */
export class FolderStore implements Store {
	readonly root: string;
	readonly drafts: FolderChecker;

	constructor(root: string) {
		this.root = resolve(root);
		this.drafts = new FolderChecker(this.root);
	}

	get place(): string {
		return this.root;
	}

	async folder(ref: Ref, { files = [] }: FolderOptions = {}): Promise<string> {
		const folder = this.draft(ref);
		const missing = existsSync(folder)
			? files.find((name) => !existsSync(join(folder, checkedName(name))))
			: sealOf(ref);
		if (missing === undefined) return folder;
		if (!existsSync(this.root)) throw this.away();
		throw new AppError("NOT_FOUND", `${missing} of ${ref} is not in the store ${this.root}.`);
	}

	/** Folders of the store are nobody's to remove: nothing is held. */
	async release(): Promise<void> {}

	draft(ref: Ref): string {
		parseRef(ref);
		return join(this.root, ref);
	}

	async publish(ref: Ref, folder: string, files: readonly StoredFile[]): Promise<void> {
		const target = this.draft(ref);
		const ordered = sealLast(ref, files);
		if (resolve(folder) === target) return;
		for (const file of ordered) await copyVerified(file, createReadStream(join(folder, file.path)), target);
	}

	async file(ref: Ref, name: string, { start, end }: ByteRange = { start: 0 }): Promise<Readable> {
		try {
			const handle = await open(join(this.draft(ref), checkedName(name)));
			return handle.createReadStream({ start, end });
		} catch (error) {
			if (!isAbsence(error)) throw error;
			if (!existsSync(this.root)) throw this.away();
			throw new AppError("NOT_FOUND", `${name} of ${ref} is not in the store ${this.root}.`);
		}
	}

	async has(ref: Ref): Promise<boolean> {
		return existsSync(join(this.draft(ref), sealOf(ref)));
	}

	async *list(prefix: string): AsyncIterable<Ref> {
		const depth = prefix.startsWith("stages/") ? 4 : 2;
		yield* this.below(prefix === "" ? [] : prefix.split("/").filter(Boolean), prefix === "" ? null : depth);
	}

	async remove(ref: Ref): Promise<void> {
		const folder = this.draft(ref);
		await rm(join(folder, sealOf(ref)), { force: true });
		await rm(folder, { recursive: true, force: true });
		// A key's folder goes with its last attempt; one that holds another says so by an error.
		if (parseRef(ref).of === "attempt") await rmdir(dirname(folder)).catch(() => undefined);
	}

	/** Files of this machine have none: the console's own route serves them. */
	async address(): Promise<null> {
		return null;
	}

	inbox(): null {
		return null;
	}

	async *inboxes(): AsyncIterable<string> {}

	async isOwnedBy(recordId: string): Promise<boolean> {
		const owner = await this.owner();
		if (owner !== null) return owner === recordId;
		if ((await namesIn(this.root)).length > 0) return false;
		await mkdir(this.root, { recursive: true });
		await writeFile(join(this.root, OWNER), recordId);
		return true;
	}

	owner(): Promise<string | null> {
		return readFile(join(this.root, OWNER), "utf8").catch(() => null);
	}

	check(...asked: Parameters<Store["check"]>): ReturnType<Store["check"]> {
		return this.drafts.check(...asked);
	}

	filesOf(...asked: Parameters<Store["filesOf"]>): ReturnType<Store["filesOf"]> {
		return this.drafts.filesOf(...asked);
	}

	private async *below(parts: readonly string[], depth: number | null): AsyncIterable<Ref> {
		if (depth === null) {
			yield* this.below(["datasets"], 2);
			yield* this.below(["stages"], 4);
			return;
		}
		if (parts.length === depth) {
			yield parts.join("/");
			return;
		}
		// Names with a dot before them are an import's, which works beside what it makes.
		const names = (await namesIn(join(this.root, ...parts))).filter((name) => !name.startsWith("."));
		for (const name of names.sort()) yield* this.below([...parts, name], depth);
	}

	private away(): AppError {
		return new AppError("UNAVAILABLE", `The store ${this.root} is not there: is its disk mounted?`);
	}
}

async function namesIn(folder: string): Promise<string[]> {
	return readdir(folder).catch(() => []);
}
