/** At most `size` stages run at once; the others wait in the order in which they came. */
export class Slots {
	private taken = 0;
	private readonly waiting: (() => void)[] = [];

	constructor(private readonly size: number) {}

	async with<Result>(work: () => Promise<Result>): Promise<Result> {
		if (this.taken >= this.size) await new Promise<void>((resolve) => this.waiting.push(resolve));
		return this.withForced(work);
	}

	/** For work whose process runs already: it counts, but does not wait. */
	async withForced<Result>(work: () => Promise<Result>): Promise<Result> {
		this.taken += 1;
		try {
			return await work();
		} finally {
			this.taken -= 1;
			if (this.taken < this.size) this.waiting.shift()?.();
		}
	}
}
