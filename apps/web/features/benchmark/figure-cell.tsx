import { CellBar, cn, formatMetric } from "@atelier/ui";
import { methodColour } from "~/features/methods";
import type { Figure } from "./prepare-benchmark";

export interface FigureCellProps {
	figure: Figure;
	method: string;
	/** The paper's value, shown hollow under ours. */
	paper: number | undefined;
}

/** A measured value with its interval, best in bold and second underlined, and the paper's value under it. */
export function FigureCell({ figure, method, paper }: FigureCellProps) {
	const { value, low, high, deviation, place, max } = figure;
	const spread =
		deviation !== null
			? `± ${formatMetric(deviation)} over seeds`
			: low !== null && high !== null
				? `95 % interval ${formatMetric(low)} to ${formatMetric(high)}`
				: "";
	return (
		<span title={spread} className="inline-flex flex-col items-end gap-0.5 py-1">
			<span className="flex items-center gap-2">
				<CellBar
					value={value}
					max={max}
					low={low ?? undefined}
					high={high ?? undefined}
					colour={methodColour(method)}
					className="hidden w-12 sm:block"
				/>
				<span className={cn(place === 1 && "font-semibold", place === 2 && "underline underline-offset-3")}>
					{formatMetric(value)}
				</span>
			</span>
			{paper === undefined ? null : (
				<span className="text-xs whitespace-nowrap text-ink-faint" title="The paper's own figure, on its own data">
					paper {formatMetric(paper)}
				</span>
			)}
		</span>
	);
}
