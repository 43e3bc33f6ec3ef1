import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./class-names";

export interface EmptyStateProps {
	icon?: LucideIcon;
	title: string;
	/** What this place will show. */
	children: ReactNode;
	/** The one action that fills it. */
	action?: ReactNode;
	className?: string;
}

export function EmptyState({ icon: Icon, title, children, action, className }: EmptyStateProps) {
	return (
		<div
			className={cn(
				"flex flex-col items-center gap-2 rounded-md border border-dashed border-line-strong px-6 py-14 text-center",
				className,
			)}
		>
			{Icon ? <Icon aria-hidden className="mb-1 size-6 text-ink-faint" strokeWidth={1.5} /> : null}
			<p className="font-medium">{title}</p>
			<div className="max-w-prose text-sm text-balance text-ink-muted">{children}</div>
			{action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
		</div>
	);
}
