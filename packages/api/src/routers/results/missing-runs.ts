import { launchCommand, type MissingRuns } from "@atelier/core";
import type { MeasuredCell } from "./measured-runs";

/** Whether a cell is to be launched: it has no run, and none is under way. */
export const isMissing = ({ runs, underWay }: Pick<MeasuredCell, "runs" | "underWay">) =>
	runs.length === 0 && underWay === null;

/** What is missing, with the command that launches it; null when nothing is. `runs`: those beside it. */
export function missingOf(
	suite: string,
	runs: readonly { seed: number; preset: string }[],
	wanted: Pick<MissingRuns, "dataset" | "methods" | "variants" | "settings">,
): (MissingRuns & { command: string }) | null {
	if ([wanted.methods, wanted.variants, wanted.settings].some((names) => names.length === 0)) return null;
	const missing = { ...wanted, seeds: new Set(runs.map(({ seed }) => seed)).size, preset: runs[0]?.preset ?? null };
	return { ...missing, command: launchCommand(suite, missing) };
}
