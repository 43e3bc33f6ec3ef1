import { FIGURES, LOW_RESOURCE_RATIOS, METRIC_NAMES, methodsInOrder, parseSetting, settingName } from "@atelier/core";
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
import { isMissing, missingOf } from "./missing-runs";

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
			curvesOf(
				one,
				whole.find(({ dataset }) => dataset.id === one.dataset.id),
			),
		),
	};
});

function curvesOf({ dataset, runs: limited, open: openLimited }: MeasuredDataset, whole: MeasuredDataset | undefined) {
	const all = { runs: [...limited, ...(whole?.runs ?? [])], open: [...openLimited, ...(whole?.open ?? [])] };
	const { preset, runs: ofPreset, open } = ofOnePreset(all);
	const { protocol, runs } = underOneProtocol(ofPreset);
	const measured = [...limited, ...openLimited].map(({ setting }) => ratioOf(setting));
	const ratios = [...new Set([...LOW_RESOURCE_RATIOS, ...measured])].sort((a, b) => a - b);
	const measuredMethods = new Set([...limited, ...openLimited].map(({ method }) => method));
	const drawn = methodsInOrder(measuredMethods).filter(
		(id) => methods.some((name) => name === id) || measuredMethods.has(id),
	);
	const curves = drawn.map((method) => ({
		method,
		points: ratios.map((ratio) => {
			const setting = settingName({ kind: "low-resource", ratio });
			const isOfIt = (run: { method: string; setting: string }) => run.method === method && run.setting === setting;
			return { ratio, setting, ...toCell(newestBySeed(runs.filter(isOfIt)), open.filter(isOfIt)) };
		}),
	}));
	const gaps = curves.map(({ method, points }) => ({
		method,
		settings: points.filter(isMissing).map(({ setting }) => setting),
	}));
	return {
		...datasetHead(dataset),
		protocol,
		preset,
		ratios,
		curves,
		missing: missingOf(suite, [...runs, ...open], {
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
