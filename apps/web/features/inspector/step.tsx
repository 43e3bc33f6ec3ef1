import { Panel } from "@atelier/ui";
import type { ReactNode } from "react";

export interface StepProps {
	/** Place in the order of the method. */
	number: number;
	title: string;
	/** Beside the title: labels. */
	badges?: ReactNode;
	description?: ReactNode;
	actions?: ReactNode;
	children: ReactNode;
}

/** One step from the shopper's log to the recommendation. */
export function Step({ number, title, badges, description, actions, children }: StepProps) {
	return (
		<Panel
			title={
				<span className="flex flex-wrap items-center gap-2">
					<span className="text-ink-faint tabular-nums">{number}</span> {title} {badges}
				</span>
			}
			description={description}
			actions={actions}
		>
			{children}
		</Panel>
	);
}
