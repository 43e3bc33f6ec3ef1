import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError, type StoredFile } from "@atelier/core";
import { storeFolder, storePath } from "../store-path";
import { filesIn } from "./artifact-files";
import { artifactList } from "./artifact-list";
import { fileFacts } from "./file-facts";
import { FileHashes, type HashOptions } from "./file-hashes";
import { linkedModel } from "./linked-model";

export interface CheckOptions extends HashOptions {
	/** Look at what the file system says only: names, kinds and sizes. */
	isSurface?: boolean | undefined;
}

export interface Check {
	/** What is wrong with it, in words that follow its name; null where nothing is. */
	damage: string | null;
	/** Whether every byte was read now. */
	wasRead: boolean;
}

/**
 * Says whether artifacts are what was written: every file there with its size and checksum, nothing besides, nothing a
 * link. Whole at an artifact's first use in this process, afterwards by what the file system says of it.
 */
export class Verifier {
	private readonly hashes = new FileHashes();
	private readonly active = new Map<string, Promise<Check>>();

	constructor(readonly home: string) {}

	/**
	 * @param ref as the record names it
	 * @throws AppError UNAVAILABLE when the store itself is not there: a disk that is not mounted damages nothing
	 */
	check(ref: string, files: readonly StoredFile[], options: CheckOptions = {}): Promise<Check> {
		if (options.isFull || options.isSurface) return this.look(ref, files, options);
		// Stages that start together ask for the same inputs.
		const active = this.active.get(ref) ?? this.look(ref, files, options).finally(() => this.active.delete(ref));
		this.active.set(ref, active);
		return active;
	}

	/** The list that the record keeps of an artifact; null where there is no artifact, or none that says what it is. */
	list(ref: string, options: HashOptions = {}): Promise<StoredFile[] | null> {
		return artifactList(storePath(this.home, ref), this.hashes, options);
	}

	private async look(ref: string, files: readonly StoredFile[], options: CheckOptions): Promise<Check> {
		const folder = storePath(this.home, ref);
		const names = await filesIn(folder);
		if (names === null) {
			this.refuseWithoutStore();
			return { damage: "its folder is not there", wasRead: false };
		}
		const listed = new Set(files.map(({ path }) => path));
		const extra = names.find((name) => !listed.has(name));
		if (extra !== undefined) return { damage: `${extra} was put into its folder`, wasRead: false };
		const own = await this.compare(folder, files, options);
		if (own.damage !== null) return own;
		const linked = await linkedModel(folder, files);
		if (linked === null) return own;
		const theirs = await this.compare(linked.folder, linked.files, { ...options, followsLinks: true });
		return { damage: theirs.damage && `${theirs.damage} in ${linked.folder}`, wasRead: own.wasRead && theirs.wasRead };
	}

	private async compare(folder: string, files: readonly StoredFile[], options: CheckOptions): Promise<Check> {
		let wasRead = !options.isSurface;
		for (const { path, sizeBytes, sha256 } of files) {
			const facts = await fileFacts(join(folder, path), options);
			if (typeof facts === "string") return { damage: `${path} is ${facts}`, wasRead: false };
			if (facts.sizeBytes !== sizeBytes) {
				return { damage: `${path} has ${facts.sizeBytes} bytes and was written with ${sizeBytes}`, wasRead: false };
			}
			if (options.isSurface) continue;
			const hash = await this.hashes.of(join(folder, path), facts, options);
			if (hash === null) return { damage: `${path} was being changed while it was read`, wasRead: false };
			if (hash.sha256 !== sha256) return { damage: `${path} has other content than was written`, wasRead: false };
			wasRead &&= hash.wasRead;
		}
		return { damage: null, wasRead };
	}

	private refuseWithoutStore(): void {
		const store = storeFolder(this.home);
		if (existsSync(store)) return;
		throw new AppError("UNAVAILABLE", `The store ${store} is not there: is its disk mounted?`);
	}
}
