import { orderDatasets } from "~/features/datasets/order-datasets";
import { runName } from "~/features/methods";
import type { Outputs } from "~/trpc/client";

export type Plan = Outputs["launch"]["plan"];
export type PlanStage = Plan["stages"][number];

export interface PlanGroup {
	dataset: string;
	stages: PlanStage[];
	/** Names of its runs, each once however many seeds it has; empty where others train on it (zero-shot). */
	runs: string[];
	/** Runs with every seed counted. */
	runCount: number;
	toRun: number;
	reused: number;
}

/** The plan by the dataset that stages work on, in the paper's order, stages in the order in which they run. */
export function groupPlan(plan: Plan): PlanGroup[] {
	const names = [...new Set([...plan.runs, ...plan.stages].map(({ dataset }) => dataset))];
	const rows = names.map((name) => ({ name, group: names.length > 1 ? "" : null }));
	return orderDatasets(rows).map(({ name }) => {
		const stages = plan.stages.filter((stage) => stage.dataset === name);
		const runs = plan.runs.filter((run) => run.dataset === name);
		const reused = stages.filter(({ status }) => status === "reused").length;
		return {
			dataset: name,
			stages,
			runs: [...new Set(runs.map(runName))],
			runCount: runs.length,
			toRun: stages.length - reused,
			reused,
		};
	});
}

/** What is trained and generated, the costly stages first; the rest are seconds each. */
const COSTLY: readonly { kind: string; one: string; many: string }[] = [
	{ kind: "fine-tune", one: "fine-tune", many: "fine-tunes" },
	{ kind: "base-model", one: "base model", many: "base models" },
	{ kind: "generate", one: "generation", many: "generations" },
	{ kind: "baseline", one: "baseline", many: "baselines" },
	{ kind: "title-encoder", one: "title encoder", many: "title encoders" },
];

/** `4 fine-tunes (1 reused)`, for each costly kind of stage that the plan has. */
export function describeKinds(plan: Pick<Plan, "stages">): string[] {
	return COSTLY.flatMap(({ kind, one, many }) => {
		const stages = plan.stages.filter((stage) => stage.kind === kind);
		if (stages.length === 0) return [];
		const reused = stages.filter(({ status }) => status === "reused").length;
		const count = `${stages.length} ${stages.length === 1 ? one : many}`;
		return [reused === 0 ? count : `${count} (${reused === stages.length ? "all" : reused} reused)`];
	});
}

/** How many stages the runs need between them, and how many they would need if none were shared. */
export function sharedStages(plan: Plan): number {
	const perRun = plan.stages.reduce((sum, stage) => sum + stage.runs, 0);
	return perRun - plan.stages.length;
}
