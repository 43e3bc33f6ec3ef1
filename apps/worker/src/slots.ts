/** Counts the stages that run at once. */
export class Slots {
	private taken = 0;

	/** @param onFree told whenever a slot has become free */
	constructor(
		private readonly size: number,
		private readonly onFree: () => void,
	) {}

	get free(): number {
		return Math.max(0, this.size - this.taken);
	}

	/**
	 * Holds a slot while `work` goes on, from this very call on. Work whose process runs already counts too where no slot
	 * is free.
	 */
	async hold<Result>(work: () => Promise<Result>): Promise<Result> {
		this.taken += 1;
		try {
			return await work();
		} finally {
			this.taken -= 1;
			this.onFree();
		}
	}
}
