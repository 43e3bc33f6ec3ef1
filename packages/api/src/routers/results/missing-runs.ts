import { launchCommand, type MissingRuns } from "@atelier/core";
import type { MeasuredRun } from "./measured-runs";

/** What is missing, with the command that launches it; null when nothing is. */
export function missingOf(
	suite: string,
	runs: readonly MeasuredRun[],
	wanted: Pick<MissingRuns, "dataset" | "methods" | "variants" | "settings">,
): (MissingRuns & { command: string }) | null {
	if ([wanted.methods, wanted.variants, wanted.settings].some((names) => names.length === 0)) return null;
	const missing = { ...wanted, seeds: new Set(runs.map(({ seed }) => seed)).size, preset: runs[0]?.preset ?? null };
	return { ...missing, command: launchCommand(suite, missing) };
}
