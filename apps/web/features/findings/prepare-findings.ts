import type { Tone } from "@atelier/ui";
import type { Outputs } from "~/trpc/client";

export type Finding = NonNullable<Outputs["results"]["findings"]["findings"]>[number];
export type FindingSource = Finding["source"];
export type Verdict = Finding["verdict"];

/** Colour of a verdict; its words and its icon say the same. */
export const VERDICT_TONES: Record<Verdict, Tone> = {
	holds: "good",
	"does not hold": "bad",
	undecided: "warn",
	"not measured": "neutral",
};

/** `2 above, 1 undecided, 5 not measured`: what a verdict rests on; nothing is said of what there is none of. */
export function describeCounts({ above, undecided, below, missing }: Finding["counts"]): string {
	return [
		above > 0 ? `${above} for it` : null,
		undecided > 0 ? `${undecided} undecided` : null,
		below > 0 ? `${below} against it` : null,
		missing > 0 ? `${missing} not measured` : null,
	]
		.filter((part) => part !== null)
		.join(", ");
}
