import { type CellUnderWay, sumUnderWay, underWayWords } from "@atelier/core";
import { cn, formatPlural, StatusIcon } from "@atelier/ui";
import Link from "next/link";
import { runsHref } from "./under-way-href";

export interface UnderWayNoteProps {
	cells: readonly { underWay: CellUnderWay | null }[];
	/** What one cell is: `cell`, `row`, `point`. */
	noun: string;
	className?: string;
}

/** One line under a table or chart: what of it is still being made. Nothing where nothing is. */
export function UnderWayNote({ cells, noun, className }: UnderWayNoteProps) {
	const sum = sumUnderWay(cells);
	if (sum === null) return null;
	return (
		<p role="status" className={cn("flex flex-wrap items-center gap-x-1.5 text-sm text-ink-muted", className)}>
			<StatusIcon status={sum.running > 0 ? "running" : "queued"} decorative />
			<span>
				{formatPlural(sum.cells, noun)} under way: {underWayWords(sum)}.
			</span>
			<Link href={runsHref(sum.launches)} className="text-accent-strong hover:underline">
				Follow the runs
			</Link>
		</p>
	);
}
