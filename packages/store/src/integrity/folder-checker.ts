import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError, type StoredFile } from "@atelier/core";
import { parseRef } from "../refs";
import type { ArtifactChecker, Check, CheckOptions } from "./artifact-checker";
import { filesIn } from "./artifact-files";
import { artifactList } from "./artifact-list";
import { fileFacts } from "./file-facts";
import { FileHashes, type HashOptions } from "./file-hashes";
import { linkedModel } from "./linked-model";

/**
 * Checks artifacts that lie in folders: whole at an artifact's first use in this process, afterwards by what the file
 * system says of it.
 */
export class FolderChecker implements ArtifactChecker {
	private readonly hashes = new FileHashes();
	private readonly active = new Map<string, Promise<Check>>();

	constructor(private readonly root: string) {}

	check(ref: string, files: readonly StoredFile[], options: CheckOptions = {}): Promise<Check> {
		if (options.isFull || options.isSurface) return this.look(ref, files, options);
		// Stages that start together ask for the same inputs.
		const active = this.active.get(ref) ?? this.look(ref, files, options).finally(() => this.active.delete(ref));
		this.active.set(ref, active);
		return active;
	}

	filesOf(ref: string, options: CheckOptions = {}): Promise<StoredFile[] | null> {
		return artifactList(this.folderOf(ref), this.hashes, options);
	}

	private async look(ref: string, files: readonly StoredFile[], options: CheckOptions): Promise<Check> {
		const folder = this.folderOf(ref);
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
		// On another machine it is another folder: the trainer finds it by what it is, or says that it is not there.
		if (linked === null || !existsSync(linked.folder)) return own;
		const theirs = await this.compare(linked.folder, linked.files, { ...options, followsLinks: true });
		return { damage: theirs.damage && `${theirs.damage} in ${linked.folder}`, wasRead: own.wasRead && theirs.wasRead };
	}

	private async compare(folder: string, files: readonly StoredFile[], options: HashOptions): Promise<Check> {
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
		if (existsSync(this.root)) return;
		throw new AppError("UNAVAILABLE", `The store ${this.root} is not there: is its disk mounted?`);
	}

	private folderOf(ref: string): string {
		parseRef(ref);
		return join(this.root, ref);
	}
}
