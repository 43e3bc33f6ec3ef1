export interface ProgressLike {
	step: string;
	done: number;
	total: number;
}
export interface ProgressSample {
	step: string;
	done: number;
	/** Milliseconds since 1970. */
	at: number;
}
export interface ProgressRate {
	/** Units a second; null until it can be told. */
	rate: number | null;
	/** Milliseconds; null until it can be told. */
	leftMs: number | null;
}

const WINDOW_MS = 20_000;
/** Less than this says more about the polling than about the work. */
const LEAST_MS = 1_500;

/** The samples of the current step within the last seconds, with the new one. */
export function addSample(samples: readonly ProgressSample[], next: ProgressSample): ProgressSample[] {
	const last = samples.at(-1);
	if (last && (last.step !== next.step || last.done > next.done)) return [next];
	if (last?.done === next.done) return [...samples];
	return [...samples.filter(({ at }) => next.at - at <= WINDOW_MS), next];
}

/** Rate over the window of samples, and how long the rest of the step takes at it. */
export function estimateRate(samples: readonly ProgressSample[], total: number): ProgressRate {
	const [first, last] = [samples[0], samples.at(-1)];
	if (!first || !last || last.at - first.at < LEAST_MS || last.done <= first.done) return { rate: null, leftMs: null };
	const rate = ((last.done - first.done) / (last.at - first.at)) * 1000;
	return { rate, leftMs: (Math.max(0, total - last.done) / rate) * 1000 };
}
