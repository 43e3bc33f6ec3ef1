import { significanceMark } from "@atelier/core";
import { cn, formatDelta, formatMetric, formatP } from "@atelier/ui";
import { WarningMark } from "~/features/warnings/warning-mark";
import type { AblationCell } from "./prepare-ablations";

export interface AblationFigureProps {
	cell: AblationCell;
	/** Whether the interval of the difference is written out; else it is on hover. */
	roomy: boolean;
}

/** A variant's figure and, under it, the paired difference to the full method with its mark of significance. */
export function AblationFigure({ cell: { value, best, difference, spread, warnings }, roomy }: AblationFigureProps) {
	return (
		<span className="inline-flex flex-col items-end py-1" title={spread}>
			<span className="inline-flex items-center gap-1">
				<span className={cn(best && "font-semibold")}>{formatMetric(value)}</span>
				<WarningMark warnings={warnings} />
			</span>
			{difference === null ? null : (
				<span
					className={cn(
						"relative text-xs whitespace-nowrap",
						difference.adjustedP <= 0.05 ? "text-ink" : "text-ink-faint",
					)}
					title={`Difference to the full method ${formatDelta(difference.value)}, 95 % interval ${formatDelta(difference.low)} to ${formatDelta(difference.high)}, ${formatP(difference.adjustedP)} after Holm's correction`}
				>
					{formatDelta(difference.value)}
					{roomy ? (
						<span className="text-ink-faint">
							{" "}
							[{formatDelta(difference.low)}, {formatDelta(difference.high)}]
						</span>
					) : null}
					{/* In the margin, so that figures stay aligned whatever their mark. */}
					<span className="absolute left-full pl-px">{significanceMark(difference.adjustedP)}</span>
				</span>
			)}
		</span>
	);
}
