import { join } from "node:path";
import { storeFolder, storePath } from "@atelier/data";

/** Where things lie under ATELIER_HOME (docs/contracts.md, "Folders"). */
export class StoreFolders {
	constructor(readonly home: string) {}

	get store(): string {
		return storeFolder(this.home);
	}

	/** Folder of what a `path` of the record names. */
	resolve(ref: string): string {
		return storePath(this.home, ref);
	}

	stage(kind: string, key: string): string {
		return join(this.store, "stages", kind, key);
	}

	/** Scratch of one job; gone when it ends. */
	temporary(id: string): string {
		return join(this.home, "tmp", id);
	}

	/** Spec, logs and ready file of a live recommendation process. */
	serving(key: string): string {
		return join(this.home, "serving", key);
	}
}
