import {
	bootstrapContrast,
	type ExampleGroup,
	holmAdjusted,
	jointOutcomes,
	PAIRED_SAMPLES,
	printSlice,
	RANK_METRICS,
	type RankMetric,
	recallAtK,
} from "@atelier/core";
import type { SlicedMethod, SliceMetric, SliceRequest, SliceResult } from "./slice-schemas";

/** Resamples of a figure's own interval. */
const INTERVAL_SAMPLES = 2_000;
/** Groups of fewer users are shown and flagged, and not tested. */
export const FEW_USERS = 30;
/** How often it is told how far the draws are. */
const TELL_EVERY_MS = 500;

/** With one relevant item a hit is what Recall counts. */
const METRICS: ReadonlyMap<string, RankMetric> = new Map(
	[...RANK_METRICS, ["hit", recallAtK] as const].map((one) => [one[0], one]),
);

type Group = SliceResult["groups"][number];
type Figure = Group["cells"][number]["metrics"][string];
type Head = Pick<SliceResult, "users" | "of" | "depth" | "left">;

/** The figures of one view: every group by every method. */
export class SliceFigures {
	private readonly metrics: RankMetric[];
	private readonly reference: SlicedMethod | undefined;

	constructor(
		private readonly request: Pick<SliceRequest, "methods" | "reference" | "metrics" | "k" | "seed">,
		private readonly vectors: ReadonlyMap<string, ArrayLike<number>>,
	) {
		this.metrics = request.metrics.map((name) => METRICS.get(name satisfies SliceMetric) ?? ["hit", recallAtK]);
		this.reference = request.methods.find(({ method }) => method === request.reference);
	}

	async compute(
		head: Head,
		groups: readonly ExampleGroup[],
		onPart: (part: SliceResult) => Promise<void>,
	): Promise<SliceResult> {
		const { methods } = this.request;
		const shown = groups.map(
			(group): Group => ({
				label: group.label,
				slice: printSlice(group.slice),
				users: group.places.length,
				isSmall: group.places.length < FEW_USERS,
				cells: methods.map((method) => ({ method: method.method, metrics: this.figuresOf(method, group, 0) })),
			}),
		);
		const part: SliceResult = {
			...head,
			isWhole: false,
			done: 0,
			total: groups.length * methods.length,
			groups: shown,
			tests: 0,
		};
		await onPart(part);
		let told = Date.now();
		for (const [i, group] of groups.entries()) {
			for (const [j, method] of methods.entries()) {
				const cell = shown[i]?.cells[j];
				if (cell) cell.metrics = this.figuresOf(method, group, INTERVAL_SAMPLES);
				part.done += 1;
				if (Date.now() - told < TELL_EVERY_MS) continue;
				told = Date.now();
				await onPart({ ...part, groups: shown.map(withoutTests) });
			}
		}
		return { ...part, isWhole: true, tests: adjust(shown) };
	}

	private figuresOf(method: SlicedMethod, group: ExampleGroup, samples: number): Record<string, Figure> {
		const own = method.runs.map(({ runId }) => ({ runId, weight: 1 / method.runs.length }));
		const { metrics } = this.contrast(own, group, samples);
		const isTested = samples > 0 && group.places.length >= FEW_USERS;
		const terms = isTested ? this.termsAgainst(method) : [];
		const tested = terms.length === 0 ? null : this.contrast(terms, group, PAIRED_SAMPLES).metrics;
		return Object.fromEntries(
			Object.entries(metrics).map(([name, { value, low, high }]): [string, Figure] => {
				const test = tested?.[name];
				const interval = samples > 0 ? { low, high } : { low: null, high: null };
				return [name, { value, ...interval, difference: test === undefined ? null : { ...test, adjustedP: 1 } }];
			}),
		);
	}

	/** The method minus the reference, over the seeds that both have; none for the reference itself. */
	private termsAgainst(method: SlicedMethod): { runId: string; weight: number }[] {
		const { reference } = this;
		if (reference === undefined || reference === method) return [];
		const common = method.runs.filter(({ seed }) => reference.runs.some((run) => run.seed === seed));
		const isCommon = ({ seed }: { seed: number }) => common.some((run) => run.seed === seed);
		return [
			...common.map(({ runId }) => ({ runId, weight: 1 / common.length })),
			...reference.runs.filter(isCommon).map(({ runId }) => ({ runId, weight: -1 / common.length })),
		];
	}

	private contrast(terms: readonly { runId: string; weight: number }[], { places }: ExampleGroup, samples: number) {
		const { k, seed } = this.request;
		const groups = jointOutcomes(
			terms.map(({ runId }) => this.vectors.get(runId) ?? []),
			k,
			places,
		);
		const weights = terms.map(({ weight }) => weight);
		return bootstrapContrast(groups, weights, { k, samples, seed, metrics: this.metrics });
	}
}

/** Nothing is judged before all is there: the family of the tests is the whole view. */
function withoutTests(group: Group): Group {
	const cells = group.cells.map(({ method, metrics }) => ({
		method,
		metrics: Object.fromEntries(
			Object.entries(metrics).map(([name, figure]): [string, Figure] => [name, { ...figure, difference: null }]),
		),
	}));
	return { ...group, cells };
}

/** Adjusts the p values of all tests together. @returns how many there are */
function adjust(groups: readonly Group[]): number {
	const figures = groups.flatMap(({ cells }) => cells.flatMap(({ metrics }) => Object.values(metrics)));
	const tests = figures.flatMap(({ difference }) => (difference === null ? [] : [difference]));
	const adjusted = holmAdjusted(tests.map(({ p }) => p));
	tests.forEach((test, i) => {
		test.adjustedP = adjusted[i] ?? 1;
	});
	return tests.length;
}
