import type { MetricSeries } from "./run-types";

export interface Curve {
	/** Names the line's column in `rows`. */
	key: string;
	/** `train`, `valid`, `Recall@10`. */
	label: string;
	/** The label at the line's end; empty where the title says it already. */
	endLabel: string;
	/** Any CSS colour. */
	colour: string;
	dashed: boolean;
	last: { step: number; value: number };
}

export interface CurveChart {
	id: string;
	/** What is shown: `Loss by step`. */
	title: string;
	caption: string;
	curves: Curve[];
	/** One object a step: `step`, and each curve's value under its key where it has one. */
	rows: Record<string, number>[];
	/** Round values of the value axis; the first and the last are its ends. */
	ticks: number[];
}

const METRIC_TITLES: Record<string, string> = {
	loss: "Loss",
	perplexity: "Perplexity",
	tokens_per_second: "Tokens a second",
	examples_per_second: "Examples a second",
	memory_gb: "Peak memory in GB",
};
const RANKING = /^(recall|ndcg|mrr|hit)@?\d*$/;

const SPLIT_COLOURS: Record<string, string> = { train: "var(--ink-faint)", valid: "var(--accent)", test: "var(--ink)" };
const RANKING_COLOURS = ["var(--accent)", "var(--succeeded)", "var(--cancelled)", "var(--ink-muted)"];

/** `recall@10` as `Recall@10`, `ndcg@10` as `NDCG@10`. */
export function metricTitle(name: string): string {
	const known = METRIC_TITLES[name];
	if (known !== undefined) return known;
	const words = name.replaceAll("_", " ").replace(/\b(ndcg|mrr)(?=@|\b)/g, (short) => short.toUpperCase());
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** One chart for the ranking metrics together, since they share a scale, and one for each other metric by split. */
export function prepareCurves(series: readonly MetricSeries[]): CurveChart[] {
	const ranking = series.filter(({ name, points }) => RANKING.test(name) && points.length > 0);
	const others = series.filter(({ name, points }) => !RANKING.test(name) && points.length > 0);
	const charts = [...new Set(others.map(({ name }) => name))].map((name): CurveChart => {
		const members = others.filter((one) => one.name === name);
		const single = members.length === 1;
		return {
			id: name,
			title: `${metricTitle(name)} by step`,
			caption: describe(members, metricTitle(name)),
			ticks: ticksOf(members, !/loss|perplexity/.test(name)),
			rows: joinByStep(members),
			curves: members.flatMap((one) =>
				curve(
					one,
					one.split ?? metricTitle(name),
					single ? "var(--accent)" : (SPLIT_COLOURS[one.split ?? ""] ?? "var(--ink-muted)"),
					one.split === "valid" && !single,
				),
			),
		};
	});
	if (ranking.length > 0) {
		charts.push({
			id: "ranking",
			title: "Ranking metrics on validation, by step",
			caption: describe(ranking, "The best evaluation"),
			ticks: ticksOf(ranking, true),
			rows: joinByStep(ranking),
			curves: ranking.flatMap((one, index) =>
				curve(one, metricTitle(one.name), RANKING_COLOURS[index % RANKING_COLOURS.length] ?? "var(--ink)", false),
			),
		});
	}
	return charts.sort((a, b) => place(a.id) - place(b.id));
}

function place(id: string): number {
	const at = ["loss", "ranking", "perplexity"].indexOf(id);
	return at === -1 ? 3 : at;
}

function keyOf({ name, split }: MetricSeries): string {
	return split === null ? name : `${name} ${split}`;
}

function curve(series: MetricSeries, label: string, colour: string, dashed: boolean): Curve[] {
	const last = series.points.at(-1);
	const endLabel = label === metricTitle(series.name) && !RANKING.test(series.name) ? "" : label;
	return last ? [{ key: keyOf(series), label, endLabel, colour, dashed, last }] : [];
}

/** About five round values that span the curves, from 0 where the eye expects it; never fewer than two. */
export function ticksOf(members: readonly MetricSeries[], fromZero: boolean): number[] {
	const values = members.flatMap(({ points }) => points.map(({ value }) => value));
	const high = Math.max(...values);
	const low = fromZero ? 0 : Math.min(...values);
	const span = high - low || Math.abs(high) * 0.1 || 0.1;
	const power = 10 ** Math.floor(Math.log10(span / 4));
	const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= span / 4) ?? 10);
	const first = Math.floor(low / step + 1e-9);
	const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
	// Rounded, so that 0.30000000000000004 reads 0.3.
	return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function joinByStep(members: readonly MetricSeries[]): Record<string, number>[] {
	const rows = new Map<number, Record<string, number>>();
	for (const member of members) {
		for (const { step, value } of member.points) {
			const row = rows.get(step) ?? { step };
			row[keyOf(member)] = value;
			rows.set(step, row);
		}
	}
	return [...rows.values()].sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
}

/** A sentence that the points back: where each curve started and where it stands. */
function describe(members: readonly MetricSeries[], subject: string): string {
	const format = (value: number) => (Math.abs(value) < 10 ? value.toFixed(3) : value.toFixed(0));
	const [first] = members;
	const points = first?.points ?? [];
	const [start, end] = [points[0], points.at(-1)];
	if (!first || !start || !end) return "";
	if (RANKING.test(first.name)) {
		const best = points.reduce((top, point) => (point.value > top.value ? point : top), start);
		return `${subject} so far: ${metricTitle(first.name)} ${format(best.value)} at step ${best.step}.`;
	}
	const split = first.split ? ` (${first.split})` : "";
	if (points.length === 1) return `${subject}${split} is ${format(end.value)} at step ${end.step}.`;
	return `${subject}${split} went from ${format(start.value)} to ${format(end.value)} over ${end.step} steps.`;
}
