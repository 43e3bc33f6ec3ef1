import { FIGURES, LOW_RESOURCE_RATIOS, METHODS, METRIC_NAMES, parseSetting, settingName } from "@atelier/core";
import { procedure } from "../../trpc";
import {
	datasetHead,
	type MeasuredDataset,
	measuredRuns,
	newestBySeed,
	ofOnePreset,
	resultsInput,
	toCell,
	underOneProtocol,
} from "./measured-runs";
import { missingOf } from "./missing-runs";

const { suite, methods } = FIGURES[6];

/** Figure 6: each method over the share of training sequences; all of them is the setting `full`. */
export const figure6 = procedure.input(resultsInput.prefault({})).query(async ({ ctx, input }) => {
	const limited = await measuredRuns(ctx, input, { variant: "full", setting: { startsWith: "low-resource(" } });
	const names = limited.map(({ dataset }) => dataset.name);
	// Nothing is asked of datasets where only `full` was run: one point is no curve.
	const whole =
		names.length === 0
			? []
			: await measuredRuns(ctx, { ...input, datasets: names }, { variant: "full", setting: "full" });
	return {
		metrics: METRIC_NAMES,
		datasets: limited.map((one) =>
			curvesOf(one, whole.find(({ dataset }) => dataset.id === one.dataset.id)?.runs ?? []),
		),
	};
});

function curvesOf({ dataset, runs: limited }: MeasuredDataset, whole: MeasuredDataset["runs"]) {
	const { preset, runs: ofPreset } = ofOnePreset([...limited, ...whole]);
	const { protocol, runs } = underOneProtocol(ofPreset);
	const measured = limited.map(({ setting }) => ratioOf(setting));
	const ratios = [...new Set([...LOW_RESOURCE_RATIOS, ...measured])].sort((a, b) => a - b);
	const drawn = METHODS.map(({ id }) => id).filter(
		(id) => methods.some((name) => name === id) || limited.some((run) => run.method === id),
	);
	const curves = drawn.map((method) => ({
		method,
		points: ratios.map((ratio) => {
			const setting = settingName({ kind: "low-resource", ratio });
			const own = runs.filter((run) => run.method === method && run.setting === setting);
			return { ratio, setting, ...toCell(newestBySeed(own)) };
		}),
	}));
	const gaps = curves.map(({ method, points }) => ({
		method,
		settings: points.filter(({ runs }) => runs.length === 0).map(({ setting }) => setting),
	}));
	return {
		...datasetHead(dataset),
		protocol,
		preset,
		ratios,
		curves,
		missing: missingOf(suite, runs, {
			dataset: dataset.name,
			methods: gaps.filter(({ settings }) => settings.length > 0).map(({ method }) => method),
			variants: ["full"],
			settings: [...new Set(gaps.flatMap(({ settings }) => settings))],
		}),
	};
}

function ratioOf(name: string): number {
	const setting = parseSetting(name);
	return setting.kind === "low-resource" ? setting.ratio : 1;
}
