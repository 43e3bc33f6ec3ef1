import type { ReactNode } from "react";
import { cn } from "./class-names";

/** A vertical line of events, first at the top. */
export function Timeline({ children, label }: { children: ReactNode; label: string }) {
	return (
		<ol aria-label={label} className="relative">
			{children}
		</ol>
	);
}

export interface TimelineEntryProps {
	/** A small icon; colour it by kind. */
	icon: ReactNode;
	title: ReactNode;
	/** On the right: a time, an ordinal. */
	meta?: ReactNode;
	/** One small button at the end of the line. */
	action?: ReactNode;
	children?: ReactNode;
	/** Stands out: a purchase, a target. */
	strong?: boolean;
	/** Struck from the sequence, still shown. */
	dropped?: boolean;
}

export function TimelineEntry({ icon, title, meta, action, children, strong, dropped }: TimelineEntryProps) {
	return (
		<li className={cn("group/entry relative flex gap-3 pb-4 last:pb-0", dropped && "text-ink-faint")}>
			<span
				aria-hidden
				className="absolute top-6 bottom-0 left-3 w-px -translate-x-1/2 bg-line group-last/entry:hidden"
			/>
			<span
				className={cn(
					"relative flex size-6 shrink-0 items-center justify-center rounded-full border bg-surface text-ink-muted [&_svg]:size-3.5",
					strong && "border-transparent bg-ink text-canvas",
				)}
			>
				{icon}
			</span>
			<div className="min-w-0 flex-1 pt-0.5">
				<div className="flex items-baseline justify-between gap-3 text-sm">
					<div className={cn("min-w-0 break-words", strong && "font-medium", dropped && "line-through")}>{title}</div>
					{meta || action ? (
						<div className="flex shrink-0 items-center gap-1 text-xs text-ink-faint tabular-nums">
							{meta}
							{action ? <span className="-my-1.5">{action}</span> : null}
						</div>
					) : null}
				</div>
				{children ? <div className="mt-0.5 text-xs text-ink-faint">{children}</div> : null}
			</div>
		</li>
	);
}

/** A break between sessions or days. */
export function TimelineBreak({ children }: { children: ReactNode }) {
	return (
		<li className="flex items-center gap-3 pb-4 text-xs font-medium text-ink-faint">
			<span aria-hidden className="h-px w-6 bg-line-strong" />
			{children}
			<span aria-hidden className="h-px flex-1 bg-line" />
		</li>
	);
}
