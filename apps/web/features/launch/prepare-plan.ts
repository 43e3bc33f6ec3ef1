import type { Outputs } from "~/trpc/client";

export type Plan = Outputs["launch"]["plan"];
export type PlanStage = Plan["stages"][number];

export interface PlanGroup {
	dataset: string;
	stages: PlanStage[];
	runs: number;
	toRun: number;
	reused: number;
}

/** The plan by dataset, in the order in which stages run. */
export function groupPlan(plan: Plan): PlanGroup[] {
	return [...new Set(plan.runs.map(({ dataset }) => dataset))].map((dataset) => {
		const stages = plan.stages.filter((stage) => stage.dataset === dataset);
		const reused = stages.filter(({ status }) => status === "reused").length;
		return {
			dataset,
			stages,
			runs: plan.runs.filter((run) => run.dataset === dataset).length,
			toRun: stages.length - reused,
			reused,
		};
	});
}

/** How many stages the runs need between them, and how many they would need if none were shared. */
export function sharedStages(plan: Plan): number {
	const perRun = plan.stages.reduce((sum, stage) => sum + stage.neededBy.length, 0);
	return perRun - plan.stages.length;
}
