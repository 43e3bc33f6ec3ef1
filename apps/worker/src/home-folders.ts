import { join } from "node:path";

/** What a worker keeps under ATELIER_HOME beside the store (docs/contracts.md, "Folders"). */
export class HomeFolders {
	constructor(readonly home: string) {}

	/** Scratch of one job; gone when it ends. */
	temporary(id: string): string {
		return join(this.home, "tmp", id);
	}

	/** Spec, logs and ready file of a live recommendation process. */
	serving(key: string): string {
		return join(this.home, "serving", key);
	}
}
