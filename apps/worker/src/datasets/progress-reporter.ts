import type { ImportProgress } from "@atelier/data";

/** The record is told at most this often. */
const INTERVAL_MS = 250;

/** Brings an import's progress to its row, no faster than a person can read it; the last report always arrives. */
export class ProgressReporter {
	private latest: ImportProgress | null = null;
	private writing: Promise<void> = Promise.resolve();
	private isWriting = false;
	private lastAt = 0;

	constructor(private readonly save: (progress: ImportProgress) => Promise<void>) {}

	report = (progress: ImportProgress): void => {
		this.latest = progress;
		if (this.isWriting || Date.now() - this.lastAt < INTERVAL_MS) return;
		this.writing = this.write();
	};

	/** Returns once the last report is in the record. */
	async settled(): Promise<void> {
		await this.writing;
		await this.write();
	}

	private async write(): Promise<void> {
		const progress = this.latest;
		if (progress === null) return;
		this.latest = null;
		this.isWriting = true;
		this.lastAt = Date.now();
		try {
			await this.save(progress);
		} catch {
			// Progress is a courtesy: the import goes on without it.
		} finally {
			this.isWriting = false;
		}
	}
}
