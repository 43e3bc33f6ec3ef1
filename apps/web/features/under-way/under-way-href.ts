import type { CellUnderWay } from "@atelier/core";
import { runsViewCodec } from "~/features/runs/runs-view";

/** The page of the one run, or the list of those of the one launch, or of all that wait and run. */
export function underWayHref(runs: CellUnderWay["runs"]): string {
	const [first] = runs;
	if (first !== undefined && runs.length === 1) return `/runs/${first.id}`;
	const launches = new Set(runs.map(({ launchId }) => launchId));
	return runsHref([...launches]);
}

/** The list of runs that wait or run, of one launch where there is only one. */
export function runsHref(launches: readonly string[]): string {
	const [launch = ""] = launches.length === 1 ? launches : [];
	const view = { ...runsViewCodec.parse(new URLSearchParams()), launch };
	const open = { ...view, status: launch === "" ? (["queued", "running"] as const).slice() : [] };
	return `/runs?${runsViewCodec.serialise(open)}`;
}
