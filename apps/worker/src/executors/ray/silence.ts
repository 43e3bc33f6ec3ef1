/**
 * How long something has said nothing new, by our own clock: times of two machines are never compared. What was never
 * seen before counts as heard just now, so a worker that has just started does not take for dead what it never met.
 */
export class Silence {
	private readonly heard = new Map<string, { said: unknown; atMs: number }>();

	constructor(private readonly now: () => number = () => performance.now()) {}

	/** @returns milliseconds since `said` was last another */
	of(id: string, said: unknown): number {
		const known = this.heard.get(id);
		if (known !== undefined && known.said === said) return this.now() - known.atMs;
		this.heard.set(id, { said, atMs: this.now() });
		return 0;
	}

	forget(id: string): void {
		this.heard.delete(id);
	}
}
