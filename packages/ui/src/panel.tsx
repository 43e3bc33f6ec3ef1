import type { ReactNode } from "react";
import { cn } from "./class-names";

export interface PanelProps {
	title?: ReactNode;
	description?: ReactNode;
	actions?: ReactNode;
	children: ReactNode;
	className?: string;
	/** Leaves the inside to a table or list that reaches the edges. */
	flush?: boolean;
}

/** A titled block of a page, bordered by one hairline. */
export function Panel({ title, description, actions, children, className, flush }: PanelProps) {
	return (
		<section className={cn("min-w-0 rounded-md border bg-surface", className)}>
			{title ? (
				<header
					className={cn("flex items-start justify-between gap-3 pt-3", flush ? "border-b px-3 pb-3" : "px-4 pb-1")}
				>
					<div className="min-w-0">
						<h2 className="text-base font-semibold">{title}</h2>
						{description ? <p className="text-sm text-ink-muted">{description}</p> : null}
					</div>
					{actions}
				</header>
			) : null}
			<div className={flush ? "overflow-hidden rounded-b-md" : "px-4 pt-2 pb-4"}>{children}</div>
		</section>
	);
}
