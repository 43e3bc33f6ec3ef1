import type { RunWarning } from "@atelier/core";
import { CellBar, cn, formatDelta, formatMetric } from "@atelier/ui";
import { describeSpread } from "~/features/charts/prepare-bars";
import { methodColour } from "~/features/methods";
import { WarningMark } from "~/features/warnings/warning-mark";
import type { Figure } from "./prepare-benchmark";

export interface FigureCellProps {
	figure: Figure;
	method: string;
	/** The paper's value; told on hover. */
	paper: number | undefined;
	/** The small line under the figure. */
	under: string | null;
	/** More for the hover: a paired test. */
	note: string;
	/** Whether a bar is drawn beside the figure; tables of many columns have none. */
	bar: boolean;
	warnings: readonly RunWarning[];
}

/** A measured value, best in bold and second underlined, with what was chosen to stand under it. */
export function FigureCell({ figure, method, paper, under, note, bar, warnings }: FigureCellProps) {
	const { value, low, high, place, max } = figure;
	const published =
		paper === undefined
			? ""
			: `the paper's ${formatMetric(paper)} on its own data, a difference of ${formatDelta(value - paper)}`;
	return (
		<span
			title={[describeSpread(figure), published, note].filter(Boolean).join("; ")}
			className="inline-flex flex-col items-end gap-0.5 py-1"
		>
			<span className="flex items-center gap-2">
				{bar ? (
					<CellBar
						value={value}
						max={max}
						low={low ?? undefined}
						high={high ?? undefined}
						colour={methodColour(method)}
						className="hidden w-12 sm:block"
					/>
				) : null}
				<span className={cn(place === 1 && "font-semibold", place === 2 && "underline underline-offset-3")}>
					{formatMetric(value)}
				</span>
				<WarningMark warnings={warnings} />
			</span>
			{under === null ? null : <span className="text-xs whitespace-nowrap text-ink-faint">{under}</span>}
		</span>
	);
}
