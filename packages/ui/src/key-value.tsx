import type { ReactNode } from "react";
import { cn } from "./class-names";

export interface KeyValueProps {
	entries: readonly { key: string; value: ReactNode; title?: string }[];
	className?: string;
}

/** Names on the left, values on the right, one hairline between rows. */
export function KeyValue({ entries, className }: KeyValueProps) {
	return (
		<dl className={cn("text-sm", className)}>
			{entries.map(({ key, value, title }) => (
				<div key={key} className="flex items-baseline justify-between gap-6 border-b py-1.5 last:border-b-0">
					<dt className="shrink-0 text-ink-muted" title={title}>
						{key}
					</dt>
					<dd className="min-w-0 text-right break-words tabular-nums">{value}</dd>
				</div>
			))}
		</dl>
	);
}
