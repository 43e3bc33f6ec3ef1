import { type CellUnderWay, sumUnderWay, underWayWords } from "@atelier/core";
import { cn, StatusIcon } from "@atelier/ui";
import Link from "next/link";
import { underWayHref } from "./under-way-href";

/** In a table's cell, in place of a figure: how far the run that will fill it is. Leads to that run. */
export function UnderWayMark({ cell, className }: { cell: CellUnderWay; className?: string }) {
	const sum = sumUnderWay([{ underWay: cell }]);
	if (sum === null) return null;
	const words = underWayWords(sum);
	return (
		<Link
			href={underWayHref(cell.runs)}
			title={`Under way: ${words}`}
			className={cn("inline-flex items-center gap-1 rounded-sm text-xs text-ink-muted hover:underline", className)}
		>
			<StatusIcon status={sum.running > 0 ? "running" : "queued"} decorative />
			<span aria-hidden className="tabular-nums">
				{sum.done}/{sum.total}
			</span>
			<span className="sr-only">Under way: {words}</span>
		</Link>
	);
}
