import type { ReactNode } from "react";

export interface StatProps {
	label: string;
	value: ReactNode;
	/** A quieter line under the number. */
	note?: ReactNode;
}

/** One number with its name; several stand side by side in a {@link StatRow}. */
export function Stat({ label, value, note }: StatProps) {
	return (
		<div className="-mr-px -mb-px min-w-0 border-r border-b px-4 py-3">
			<p className="truncate text-xs text-ink-faint">{label}</p>
			<p className="mt-0.5 truncate text-xl font-semibold tracking-tight tabular-nums">{value}</p>
			{note ? <p className="truncate text-xs text-ink-faint">{note}</p> : null}
		</div>
	);
}

export function StatRow({ children }: { children: ReactNode }) {
	return (
		<div className="grid grid-cols-[repeat(auto-fit,minmax(7rem,1fr))] overflow-hidden rounded-md border bg-surface">
			{children}
		</div>
	);
}
