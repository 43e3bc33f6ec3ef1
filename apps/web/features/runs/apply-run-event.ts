import { logPayload, metricPayload, progressPayload, warningPayload } from "@atelier/core";
import type { LogLine, MetricSeries, RunDetail } from "./run-types";

/** A stage's event as `runs.follow` sends it. */
export interface FollowedEvent {
	stageKey: string;
	type: string;
	at: Date;
	payload: Record<string, unknown>;
}

/** The run with the stage's new progress; unchanged for any other event. */
export function applyProgress(run: RunDetail, event: FollowedEvent): RunDetail {
	const progress = event.type === "progress" ? progressPayload.safeParse(event.payload) : null;
	if (!progress?.success) return run;
	return {
		...run,
		stages: run.stages.map((stage) => (stage.key === event.stageKey ? { ...stage, progress: progress.data } : stage)),
	};
}

/** The curves with one more point. A step that a curve already has is replaced, so that a replay doubles nothing. */
export function applyMetric(series: readonly MetricSeries[], event: FollowedEvent): MetricSeries[] {
	const metric = event.type === "metric" ? metricPayload.safeParse(event.payload) : null;
	if (!metric?.success) return [...series];
	const { name, value, step, split = null } = metric.data;
	const known = series.find((one) => one.name === name && one.split === split);
	if (known === undefined) return [...series, { name, split, points: [{ step, value }] }];
	const points = [...known.points.filter((point) => point.step !== step), { step, value }].sort(
		(a, b) => a.step - b.step,
	);
	return series.map((one) => (one === known ? { ...known, points } : one));
}

/** The log line of an event; null for events that are none. The id orders it and is what the server gave it. */
export function logLineOf(event: FollowedEvent, id: string, attempt: number): LogLine | null {
	if (event.type === "warning") {
		const warning = warningPayload.safeParse(event.payload);
		return warning.success ? { id, attempt, at: event.at, level: "warning", message: warning.data.message } : null;
	}
	const log = event.type === "log" ? logPayload.safeParse(event.payload) : null;
	return log?.success ? { id, attempt, at: event.at, level: log.data.level, message: log.data.message } : null;
}
