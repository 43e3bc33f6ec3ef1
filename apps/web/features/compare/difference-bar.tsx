import { cn } from "@atelier/ui";

export interface DifferenceBarProps {
	value: number;
	low: number;
	high: number;
	/** How far the column's scale reaches to either side of zero. */
	reach: number;
	/** Whether the corrected test settles it. */
	isSettled: boolean;
	className?: string;
}

/** A difference with its interval around zero, on the scale of its column. */
export function DifferenceBar({ value, low, high, reach, isSettled, className }: DifferenceBarProps) {
	const at = (x: number) => (reach > 0 ? 50 + (50 * Math.max(-reach, Math.min(reach, x))) / reach : 50);
	return (
		<span aria-hidden className={cn("relative block h-3 w-28", className)}>
			<span className="absolute inset-y-0 left-1/2 w-px -translate-x-1/2 bg-line-strong" />
			<span
				className="absolute top-1/2 h-px -translate-y-1/2 bg-ink-muted"
				style={{ left: `${at(low)}%`, right: `${100 - at(high)}%` }}
			/>
			<span
				className={cn(
					"absolute top-1/2 size-1.5 -translate-x-1/2 -translate-y-1/2 rounded-full border border-ink-muted",
					isSettled ? "bg-ink" : "bg-surface",
				)}
				style={{ left: `${at(value)}%` }}
			/>
		</span>
	);
}
