import { Elapsed } from "@atelier/ui";

/** From the first stage's start to the last one's end; a run that found every stage made says so. */
export function RunDuration({ from, to }: { from: Date; to: Date | null }) {
	if (to?.getTime() === from.getTime()) return <span title="Every stage had been made before">reused</span>;
	return <Elapsed from={from} to={to} />;
}
