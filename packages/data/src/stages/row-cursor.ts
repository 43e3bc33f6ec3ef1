/** Rows of a batched stream, one at a time, for merging two streams; waits only where a batch ends. */
export class RowCursor<T> {
	private batch: readonly T[] = [];
	private place = 0;

	constructor(private readonly batches: AsyncIterator<readonly T[]>) {}

	/** The row at hand; undefined at the end of a batch, where `fill` is due. */
	head(): T | undefined {
		return this.batch[this.place];
	}

	advance(): void {
		this.place += 1;
	}

	/** Fetches the next batch that holds rows; false at the end of the stream. */
	async fill(): Promise<boolean> {
		for (;;) {
			const next = await this.batches.next();
			if (next.done) return false;
			this.batch = next.value;
			this.place = 0;
			if (this.batch.length > 0) return true;
		}
	}
}
