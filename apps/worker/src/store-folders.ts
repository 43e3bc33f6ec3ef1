import { join } from "node:path";

/** Where things lie under ATELIER_HOME (docs/contracts.md, "Folders"). */
export class StoreFolders {
	constructor(readonly home: string) {}

	get store(): string {
		return join(this.home, "store");
	}

	stage(kind: string, key: string): string {
		return join(this.store, "stages", kind, key);
	}

	attempt(kind: string, key: string, attemptId: string): string {
		return join(this.stage(kind, key), attemptId);
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
