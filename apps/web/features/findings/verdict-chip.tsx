import { Badge } from "@atelier/ui";
import { CircleCheck, CircleDashed, CircleHelp, CircleX } from "lucide-react";
import { VERDICT_TONES, type Verdict } from "./prepare-findings";

const ICONS = {
	holds: CircleCheck,
	"does not hold": CircleX,
	undecided: CircleHelp,
	"not measured": CircleDashed,
} as const;

/** Whether a claim of the paper holds here: colour, icon and word. */
export function VerdictChip({ verdict }: { verdict: Verdict }) {
	const Icon = ICONS[verdict];
	return (
		<Badge tone={VERDICT_TONES[verdict]} icon={<Icon aria-hidden />}>
			{verdict}
		</Badge>
	);
}
