import { parseOverrides } from "@atelier/core";
import { readList, readText, toParams, type UrlStateCodec } from "~/features/url-state";

/** A launch as it stands in the form, and so in the URL. */
export interface LaunchView {
	/** Empty takes the first suite there is. */
	suite: string;
	datasets: string[];
	/** Empty takes the suite's. */
	methods: string[];
	/** Names of variants; empty takes the suite's. */
	variants: string[];
	/** Names of settings; empty takes the suite's. */
	settings: string[];
	/** As typed: `1,2,3`; empty takes the suite's. */
	seeds: string;
	/** Empty takes the suite's. */
	preset: string;
	/** As typed: one `name=value` a line. */
	set: string;
	/** -10 to 10; empty for the usual. */
	priority: string;
	/** Name of the host of its trainer stages; empty for any that has what they need. */
	on: string;
	/** GPU-hours, as typed; empty for no budget. */
	budget: string;
}

export const launchViewCodec: UrlStateCodec<LaunchView> = {
	parse: (params) => ({
		suite: readText(params, "suite"),
		datasets: readList(params, "datasets"),
		methods: readList(params, "methods"),
		variants: readList(params, "variants"),
		settings: readList(params, "settings"),
		seeds: readText(params, "seeds"),
		preset: readText(params, "preset"),
		set: readText(params, "set"),
		priority: /^-?\d+$/.exec(readText(params, "priority"))?.[0] ?? "",
		on: readText(params, "on"),
		budget: readText(params, "budget"),
	}),
	serialise: ({ suite, datasets, methods, variants, settings, seeds, preset, set, priority, on, budget }) =>
		toParams({ suite, datasets, methods, variants, settings, seeds, preset, set, priority, on, budget }),
};

export interface LaunchRequest {
	suite: string;
	datasets: string[];
	methods?: string[];
	variants?: string[];
	settings?: string[];
	seeds?: number[];
	preset?: string;
	set: Record<string, string | number | boolean | null>;
	priority?: number;
	on?: string;
	budgetGpuHours?: number;
}

export interface LaunchErrors {
	seeds?: string;
	set?: string;
	budget?: string;
}

/** The request behind the form, or what is wrong with it by field; null while it is not complete. */
export function prepareLaunch(
	view: LaunchView,
	suite: string | undefined,
): { request: LaunchRequest } | { errors: LaunchErrors } | null {
	const errors: LaunchErrors = {};
	const seeds = parseSeeds(view.seeds);
	if (seeds === null) errors.seeds = "Whole numbers from 0, with commas between: 1,2,3.";
	let set: LaunchRequest["set"] = {};
	try {
		set = parseOverrides(
			view.set
				.split("\n")
				.map((line) => line.trim())
				.filter(Boolean),
		);
	} catch (error) {
		errors.set = error instanceof Error ? error.message : String(error);
	}
	const budget = view.budget.trim() === "" ? null : Number(view.budget);
	if (budget !== null && !(budget > 0)) errors.budget = "A number of GPU-hours above 0, or nothing.";
	if (errors.seeds || errors.set || errors.budget) return { errors };
	if (suite === undefined || view.datasets.length === 0) return null;
	return {
		request: {
			suite,
			datasets: view.datasets,
			...(view.methods.length > 0 && { methods: view.methods }),
			...(view.variants.length > 0 && { variants: view.variants }),
			...(view.settings.length > 0 && { settings: view.settings }),
			...(seeds?.length && { seeds }),
			...(view.preset && { preset: view.preset }),
			...(view.priority && { priority: Number(view.priority) }),
			...(view.on && { on: view.on }),
			...(budget !== null && { budgetGpuHours: budget }),
			set,
		},
	};
}

const TARGET = /^\s*split\.target\s*=\s*(.*?)\s*$/;

/** What the typed overrides predict; the presets' purchases where they say nothing. */
export function targetOf(set: string): string {
	return set.split("\n").reduce((found, line) => TARGET.exec(line)?.[1] ?? found, "purchase");
}

/** The typed overrides with what is to be predicted put to `target`; the presets' own needs no line. */
export function withTarget(set: string, target: string): string {
	const rest = set.split("\n").filter((line) => line.trim() !== "" && !TARGET.test(line));
	return [...rest, ...(target === "purchase" ? [] : [`split.target=${target}`])].join("\n");
}

/** Address of a launch with these choices made; everything else is the suite's. */
export function launchHref(chosen: Partial<LaunchView>): string {
	const params = launchViewCodec.serialise({ ...EMPTY_LAUNCH, ...chosen });
	return params.size === 0 ? "/launch" : `/launch?${params}`;
}

const EMPTY_LAUNCH: LaunchView = {
	suite: "",
	datasets: [],
	methods: [],
	variants: [],
	settings: [],
	seeds: "",
	preset: "",
	set: "",
	priority: "",
	on: "",
	budget: "",
};

/** Distinct seeds in the order given; null for anything else than whole numbers from 0. */
export function parseSeeds(text: string): number[] | null {
	const parts = text.split(/[\s,]+/).filter(Boolean);
	return parts.every((part) => /^\d{1,9}$/.test(part)) ? [...new Set(parts.map(Number))] : null;
}
