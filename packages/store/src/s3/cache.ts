import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type StoredFile, storedFiles } from "@atelier/core";
import { FolderStore } from "../folder-store";
import type { Ref } from "../refs";

/**
 * In an artifact's folder: it is in the bucket too, so it may be removed here. Holds the list of its files; its time is
 * that of the last use.
 */
const MARK = ".in-bucket";
const LEASES = ".leases";
/** A holder that never lets go (its machine was switched off) keeps what it has no longer than this. */
const HELD_MS = 24 * 3_600_000;
const READ_MS = 15 * 60_000;

/**
 * Local folders of artifacts that lie in a bucket, laid out by refs, beside those that are being made. What was not used
 * for longest goes when the limit is passed; what is leased never goes, nor does what is not in the bucket yet.
 *
 * Several processes use one cache (worker, console), so leases and times are files.
 */
export class Cache {
	private readonly folders: FolderStore;

	constructor(
		readonly root: string,
		private readonly limitBytes: number,
	) {
		this.folders = new FolderStore(root);
	}

	folder(ref: Ref): string {
		return this.folders.draft(ref);
	}

	/** Whether the folder holds (some of) what is in the bucket, and not something that is being made. */
	isMarked(ref: Ref): boolean {
		return existsSync(join(this.folder(ref), MARK));
	}

	/** @param files of the artifact in the bucket, whether they are here or not */
	async mark(ref: Ref, files: readonly StoredFile[]): Promise<void> {
		await mkdir(this.folder(ref), { recursive: true });
		const mark = join(this.folder(ref), MARK);
		await writeFile(`${mark}.${process.pid}`, JSON.stringify(files));
		await rename(`${mark}.${process.pid}`, mark);
	}

	/** The list of an artifact's files where the cache has it: artifacts never change. */
	async listed(ref: Ref): Promise<StoredFile[] | null> {
		try {
			return storedFiles.parse(JSON.parse(await readFile(join(this.folder(ref), MARK), "utf8")));
		} catch {
			return null;
		}
	}

	/** Keeps an artifact for `holder`; for whoever just reads it, for a while. Done before its files are looked at. */
	async lease(ref: Ref, holder?: string): Promise<void> {
		const file = join(
			this.root,
			LEASES,
			encodeURIComponent(holder ?? `process ${process.pid}`),
			encodeURIComponent(ref),
		);
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, "");
		const until = new Date(Date.now() + (holder === undefined ? READ_MS : HELD_MS));
		await utimes(file, until, until);
		const now = new Date();
		await utimes(join(this.folder(ref), MARK), now, now).catch(() => undefined);
	}

	async release(holder: string): Promise<void> {
		await rm(join(this.root, LEASES, encodeURIComponent(holder)), { recursive: true, force: true });
	}

	/** Makes room for what is about to come; where everything else is in use the limit is passed. */
	async makeRoom(neededBytes: number): Promise<void> {
		const entries: { ref: Ref; sizeBytes: number; usedAt: number }[] = [];
		for await (const ref of this.folders.list("")) {
			const mark = await stat(join(this.folder(ref), MARK)).catch(() => null);
			if (mark !== null) entries.push({ ref, sizeBytes: await sizeOf(this.folder(ref)), usedAt: mark.mtimeMs });
		}
		let total = neededBytes + entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
		for (const { ref, sizeBytes } of entries.sort((a, b) => a.usedAt - b.usedAt)) {
			if (total <= this.limitBytes) return;
			if (await this.evict(ref)) total -= sizeBytes;
		}
	}

	/** Artifacts that are being made here, or were given up. */
	async *drafts(prefix: string): AsyncIterable<Ref> {
		for await (const ref of this.folders.list(prefix)) if (!this.isMarked(ref)) yield ref;
	}

	remove(ref: Ref): Promise<void> {
		return this.folders.remove(ref);
	}

	/** Put aside first: someone may lease it at this moment, and then has it back at once. */
	private async evict(ref: Ref): Promise<boolean> {
		if (await this.isLeased(ref)) return false;
		const aside = join(this.root, `.evicted-${process.pid}-${encodeURIComponent(ref)}`);
		const isOurs = await rename(this.folder(ref), aside).then(
			() => true,
			() => false,
		);
		if (!isOurs) return false;
		await delay(10);
		if (await this.isLeased(ref)) {
			const isBack = await rename(aside, this.folder(ref)).then(
				() => true,
				() => false,
			);
			if (isBack) return false;
		}
		await rm(aside, { recursive: true, force: true });
		return true;
	}

	private async isLeased(ref: Ref): Promise<boolean> {
		const name = encodeURIComponent(ref);
		for (const holder of await readdir(join(this.root, LEASES)).catch(() => [])) {
			const lease = await stat(join(this.root, LEASES, holder, name)).catch(() => null);
			if (lease !== null && lease.mtimeMs > Date.now()) return true;
		}
		return false;
	}
}

async function sizeOf(folder: string): Promise<number> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	const files = entries.filter((entry) => entry.isFile());
	const sizes = await Promise.all(
		files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name)).catch(() => null))?.size ?? 0),
	);
	return sizes.reduce((sum, size) => sum + size, 0);
}
