import { methodPlace } from "~/features/methods";
import type { Outputs } from "~/trpc/client";

export type InspectableRun = Outputs["inspector"]["runs"][number];

/** The run that a link names by its id or the beginning of one; without a name the newest of ours, else the newest. */
export function chooseRun<Run extends InspectableRun>(newestFirst: readonly Run[], named: string): Run | undefined {
	if (named !== "") return newestFirst.find(({ id }) => id.startsWith(named));
	return preferredRun(newestFirst);
}

/** Why a run is open that no link has named. */
export function whyOpen({ method, variant, setting }: InspectableRun): string {
	if (method !== "ours") return "the newest run; none of Ours has succeeded yet";
	return variant === "full" && setting === "full" ? "the newest run of Ours" : "the newest run of a variant of Ours";
}

/** The newest run of ours as it stands, else the newest of any variant or setting of it, else the newest. */
export function preferredRun<Run extends InspectableRun>(newestFirst: readonly Run[]): Run | undefined {
	const ours = newestFirst.filter(({ method }) => method === "ours");
	return ours.find(({ variant, setting }) => variant === "full" && setting === "full") ?? ours[0] ?? newestFirst[0];
}

/** Runs of a dataset as the picker lists them: ours first, then as in a table; those as they stand first in each. */
export function runsOf<Run extends InspectableRun>(newestFirst: readonly Run[], dataset: string): Run[] {
	const place = (run: Run) => (run.method === "ours" ? -1 : methodPlace(run.method));
	const special = ({ variant, setting }: Run) => Number(variant !== "full") + Number(setting !== "full");
	return newestFirst
		.filter((run) => run.dataset === dataset)
		.sort((a, b) => place(a) - place(b) || special(a) - special(b));
}
