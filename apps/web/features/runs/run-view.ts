import { readChoice, readText, toParams, type UrlStateCodec } from "~/features/url-state";
import type { RunStage } from "./run-types";

export const STAGE_TABS = ["progress", "log", "configuration"] as const;
export type StageTab = (typeof STAGE_TABS)[number];

/** What a run's page shows. */
export interface RunView {
	/** The open stage, as {@link stageRef} names it; empty lets the page choose. */
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

/** A stage's name in the URL: its kind, with its key where another of the kind comes before it (zero-shot runs). */
export function stageRef<Stage extends Pick<RunStage, "kind" | "key">>(
	stages: readonly Stage[],
	{ kind, key }: Stage,
): string {
	return stages.find((other) => other.kind === kind)?.key === key ? kind : `${kind}.${key.slice(0, 8)}`;
}

/** The stage to show: the one asked for, else what runs, else what failed, else the one with the most to tell. */
export function chooseStage<Stage extends Pick<RunStage, "kind" | "key" | "status">>(
	stages: readonly Stage[],
	wanted: string,
): Stage | undefined {
	return (
		stages.find((stage) => stageRef(stages, stage) === wanted) ??
		stages.find(({ status }) => status === "running") ??
		stages.find(({ status }) => status === "failed") ??
		TELLING.map((telling) => stages.find(({ kind, status }) => kind === telling && status === "succeeded")).find(
			(stage) => stage !== undefined,
		) ??
		stages[0]
	);
}
