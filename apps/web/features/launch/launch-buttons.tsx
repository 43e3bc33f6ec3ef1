import { Button, formatPlural } from "@atelier/ui";
import { Rocket } from "lucide-react";

export interface LaunchButtonsProps {
	/** Runs of the plan; 0 while there is none. */
	runs: number;
	/** Those of them that another launch has under way already. */
	repeated: number;
	disabled: boolean;
	busy: boolean;
	onLaunch: (onlyMissing: boolean) => void;
}

/** Where part of a plan is under way already the rest alone is the first choice. */
export function LaunchButtons({ runs, repeated, disabled, busy, onLaunch }: LaunchButtonsProps) {
	const rest = runs - repeated;
	if (repeated === 0) {
		return (
			<Button variant="primary" disabled={disabled} busy={busy} onClick={() => onLaunch(false)}>
				<Rocket /> {runs > 0 ? `Launch ${formatPlural(runs, "run")}` : "Launch"}
			</Button>
		);
	}
	return (
		<>
			<Button disabled={disabled} busy={busy && rest === 0} onClick={() => onLaunch(false)}>
				{rest === 0 ? `Launch ${formatPlural(runs, "run")} again` : `Launch all ${runs}`}
			</Button>
			{rest > 0 ? (
				<Button variant="primary" disabled={disabled} busy={busy} onClick={() => onLaunch(true)}>
					<Rocket /> Launch the other {rest}
				</Button>
			) : null}
		</>
	);
}
