import { cn } from "./class-names";
import { formatBytes, formatCount } from "./format/number";
import { formatDuration } from "./format/time";

export interface ProgressBarProps {
	/** What is being done, in a few words. */
	label: string;
	done: number;
	total: number;
	/** What is counted: `rows`, `examples`; `bytes` are written as `1.4 MB`. */
	unit?: string;
	/** Units a second, where it is known. */
	rate?: number | null;
	/** Milliseconds until done, where it is known. */
	leftMs?: number | null;
	className?: string;
}

/** Long work in one line: the step, how much of it, how fast, how long still. */
export function ProgressBar({ label, done, total, unit, rate, leftMs, className }: ProgressBarProps) {
	const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
	const isBytes = unit === "bytes";
	const amount = isBytes ? formatBytes : formatCount;
	const facts = [
		`${amount(done)} of ${amount(total)}${unit && !isBytes ? ` ${unit}` : ""}`,
		rate ? `${amount(rate >= 10 ? Math.round(rate) : Number(rate.toFixed(1)))}/s` : null,
		leftMs != null && Number.isFinite(leftMs) ? `${formatDuration(leftMs)} left` : null,
	].filter((fact) => fact !== null);
	return (
		<div className={cn("min-w-0", className)}>
			<div className="mb-1 flex flex-wrap items-baseline justify-between gap-x-3 text-xs">
				<span className="truncate text-ink-muted">{label}</span>
				<span className="text-ink-faint tabular-nums">{facts.join(" · ")}</span>
			</div>
			<div
				role="progressbar"
				aria-label={label}
				aria-valuemin={0}
				aria-valuemax={100}
				aria-valuenow={Math.round(share * 100)}
				className="h-1 overflow-hidden rounded-full bg-line"
			>
				<div className="h-full bg-accent transition-[width] duration-150" style={{ width: `${share * 100}%` }} />
			</div>
		</div>
	);
}
