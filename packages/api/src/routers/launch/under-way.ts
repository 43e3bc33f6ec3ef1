import type { Database } from "@atelier/db";
import type { ResolvedRun } from "./resolve";

export interface RunUnderWay {
	id: string;
	launchId: string;
	isRunning: boolean;
}

/**
 * For each run of a launch the run that does the same already, and waits or runs; null for the others. The last stage of
 * a plan tells: its key holds everything before it.
 */
export async function runsUnderWay(db: Database, runs: readonly ResolvedRun[]): Promise<(RunUnderWay | null)[]> {
	const keys = runs.flatMap(({ plan }) => plan.at(-1)?.key ?? []);
	const found = await db.runStage.findMany({
		where: { stageKey: { in: keys }, run: { status: { in: ["queued", "running"] } } },
		orderBy: { run: { createdAt: "asc" } },
		select: {
			stageKey: true,
			run: { select: { id: true, launchId: true, status: true, datasetId: true, seed: true } },
		},
	});
	return runs.map(({ plan, dataset, seed }) => {
		// Some methods do the same under every seed; in a table each seed has a run of its own.
		const same = found.find(
			({ stageKey, run }) => stageKey === plan.at(-1)?.key && run.datasetId === dataset.id && run.seed === seed,
		);
		if (same === undefined) return null;
		return { id: same.run.id, launchId: same.run.launchId, isRunning: same.run.status === "running" };
	});
}

export interface Repeated {
	/** Runs of this launch that are under way already. */
	runs: number;
	/** In which launches, the largest share first. */
	launches: { id: string; runs: number }[];
}

export function repeatedBy(underWay: readonly (RunUnderWay | null)[]): Repeated {
	const known = underWay.flatMap((run) => run ?? []);
	const launches = new Map<string, number>();
	for (const { launchId } of known) launches.set(launchId, (launches.get(launchId) ?? 0) + 1);
	return {
		runs: known.length,
		launches: [...launches].map(([id, runs]) => ({ id, runs })).sort((a, b) => b.runs - a.runs),
	};
}
