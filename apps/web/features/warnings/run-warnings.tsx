import type { RunWarning } from "@atelier/core";
import { TriangleAlert } from "lucide-react";

/** What a reader of a run's figures has to know, before the figures; nothing where there is nothing. */
export function RunWarnings({ warnings }: { warnings: readonly RunWarning[] }) {
	if (warnings.length === 0) return null;
	return (
		<div role="note" aria-label="Warnings" className="rounded-md border border-cancelled/30 bg-cancelled-soft p-3">
			<ul className="space-y-1.5 text-sm">
				{warnings.map(({ code, message }) => (
					<li key={`${code} ${message}`} className="flex items-start gap-2.5">
						<TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-cancelled" />
						<span className="min-w-0 break-words">
							{message} <code className="ml-1 font-mono text-xs text-ink-muted">{code}</code>
						</span>
					</li>
				))}
			</ul>
		</div>
	);
}
