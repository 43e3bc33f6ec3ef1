/** What waits or runs for a cell of a table or a point of a figure. */
export interface CellUnderWay {
	runs: readonly { id: string; launchId: string; isRunning: boolean }[];
	/** Stages over all its runs that have succeeded, of those needed. */
	done: number;
	total: number;
}

export interface UnderWaySum {
	cells: number;
	running: number;
	waiting: number;
	done: number;
	total: number;
	launches: string[];
}

/** All of it together; null where nothing is under way. A run that fills two cells counts once for each. */
export function sumUnderWay(cells: readonly { underWay: CellUnderWay | null }[]): UnderWaySum | null {
	const open = cells.flatMap(({ underWay }) => underWay ?? []);
	if (open.length === 0) return null;
	const runs = new Map(open.flatMap((cell) => cell.runs).map((run) => [run.id, run]));
	const running = [...runs.values()].filter(({ isRunning }) => isRunning).length;
	return {
		cells: open.length,
		running,
		waiting: runs.size - running,
		done: open.reduce((sum, { done }) => sum + done, 0),
		total: open.reduce((sum, { total }) => sum + total, 0),
		launches: [...new Set([...runs.values()].map(({ launchId }) => launchId))],
	};
}

/** `2 running, 3 waiting, 12 of 40 stages done` */
export function underWayWords({ running, waiting, done, total }: Omit<UnderWaySum, "cells" | "launches">): string {
	const runs = [...(running > 0 ? [`${running} running`] : []), ...(waiting > 0 ? [`${waiting} waiting`] : [])];
	return `${runs.join(", ")}, ${done} of ${total} stages done`;
}
