import type { Database, Prisma } from "@atelier/db";
import { NO_STAGES, stagesDone } from "./stages-done";

/** A run that waits or runs, by what it will fill and how far it is. */
export interface OpenRun {
	id: string;
	launchId: string;
	datasetId: string;
	method: string;
	variant: string;
	setting: string;
	seed: number;
	preset: string;
	isRunning: boolean;
	/** Stages that have succeeded, of those that it needs. */
	done: number;
	total: number;
}

/** Runs under way, the oldest first. */
export async function openRuns(db: Database, where: Prisma.RunWhereInput): Promise<OpenRun[]> {
	const runs = await db.run.findMany({
		where: { AND: [where, { status: { in: ["queued", "running"] } }] },
		orderBy: [{ createdAt: "asc" }, { id: "asc" }],
		select: {
			...{ id: true, launchId: true, datasetId: true, method: true, variant: true, setting: true, seed: true },
			...{ preset: true, status: true },
		},
	});
	const stages = await stagesDone(
		db,
		runs.map(({ id }) => id),
	);
	return runs.map(({ status, ...run }) => {
		const { done, total } = stages.get(run.id) ?? NO_STAGES;
		return { ...run, isRunning: status === "running", done, total };
	});
}

/** What is under way for one cell of a table or point of a figure. */
export interface UnderWay {
	runs: { id: string; launchId: string; seed: number; isRunning: boolean }[];
	/** Stages over all its runs. */
	done: number;
	total: number;
}

/** Null where nothing is. */
export function underWayOf(runs: readonly OpenRun[]): UnderWay | null {
	if (runs.length === 0) return null;
	return {
		runs: runs.map(({ id, launchId, seed, isRunning }) => ({ id, launchId, seed, isRunning })),
		done: runs.reduce((sum, { done }) => sum + done, 0),
		total: runs.reduce((sum, { total }) => sum + total, 0),
	};
}
