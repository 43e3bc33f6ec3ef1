import { cn } from "./class-names";

export interface CellBarProps {
	value: number;
	/** The column's largest value: the bar's full width. */
	max: number;
	/** Ends of the interval, drawn as a thin line. */
	low?: number;
	high?: number;
	/** Any CSS colour. */
	colour?: string;
	className?: string;
}

/** A bar with its interval inside a table's cell, from zero, on the column's own scale. */
export function CellBar({ value, max, low, high, colour = "var(--ink-faint)", className }: CellBarProps) {
	const share = (x: number) => `${max > 0 ? Math.min(100, Math.max(0, (x / max) * 100)) : 0}%`;
	return (
		<span aria-hidden className={cn("relative block h-2 w-20", className)}>
			<span
				className="absolute inset-y-0 left-0 rounded-[1px] opacity-40"
				style={{ width: share(value), background: colour }}
			/>
			{low !== undefined && high !== undefined ? (
				<span
					className="absolute top-1/2 h-px -translate-y-1/2"
					style={{ left: share(low), right: `calc(100% - ${share(high)})`, background: colour }}
				/>
			) : null}
		</span>
	);
}
