import { readChoice, readText, toParams, type UrlStateCodec } from "~/features/url-state";
import type { RunStage } from "./run-types";

export const STAGE_TABS = ["progress", "log", "configuration"] as const;
export type StageTab = (typeof STAGE_TABS)[number];

/** What a run's page shows. */
export interface RunView {
	/** Kind of the open stage; empty lets the page choose. */
	stage: string;
	tab: StageTab;
}

export const runViewCodec: UrlStateCodec<RunView> = {
	parse: (params) => ({
		stage: readText(params, "stage"),
		tab: readChoice(params, "tab", STAGE_TABS, "progress"),
	}),
	serialise: ({ stage, tab }) => toParams({ stage, tab: tab === "progress" ? "" : tab }),
};

/** Stages whose curves are worth opening first once a run is done. */
const TELLING = ["fine-tune", "baseline", "title-encoder", "evaluate"];

/** The stage to show: the one asked for, else what runs, else what failed, else the one with the most to tell. */
export function chooseStage<Stage extends Pick<RunStage, "kind" | "status">>(
	stages: readonly Stage[],
	wanted: string,
): Stage | undefined {
	return (
		stages.find(({ kind }) => kind === wanted) ??
		stages.find(({ status }) => status === "running") ??
		stages.find(({ status }) => status === "failed") ??
		TELLING.map((telling) => stages.find(({ kind, status }) => kind === telling && status === "succeeded")).find(
			(stage) => stage !== undefined,
		) ??
		stages[0]
	);
}
