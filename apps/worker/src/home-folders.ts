import { join } from "node:path";

/** What a worker keeps under ATELIER_HOME beside the store (docs/contracts.md, "Folders"). */
export class HomeFolders {
	constructor(readonly home: string) {}

	/** Scratch of one job; gone when it ends. */
	temporary(id: string): string {
		return join(this.home, "tmp", id);
	}

	/** Checked ranks of an outside method, by their content: its stage takes them over, and again where that is damaged. */
	outside(content: string): string {
		return join(this.home, "outside", `${content}.parquet`);
	}

	/** Spec, logs and ready file of a live recommendation process. */
	serving(key: string): string {
		return join(this.home, "serving", key);
	}
}
