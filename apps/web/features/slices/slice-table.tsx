import { methodTitle } from "@atelier/core";
import { cn, formatDelta, formatMetric, formatP, Missing } from "@atelier/ui";
import { SignificanceMark } from "~/features/charts/significance-mark";
import type { MetricKind } from "~/features/compare/compare-view";
import { MethodChip } from "~/features/methods";
import { GroupsTable } from "./groups-table";
import { bestOf, figureIn, methodsOfView, metricOf } from "./prepare-slices";
import type { Sliced, SliceFigure, SliceGroup } from "./slice-types";

export interface SliceTableProps {
	view: Sliced;
	kind: MetricKind;
	/** The Benchmark on one group's shoppers. */
	hrefOf: (group: SliceGroup) => string;
}

/** A row a group, a column a method: the value, and under it how it stands to the reference. */
export function SliceTable({ view, kind, hrefOf }: SliceTableProps) {
	const methods = methodsOfView(view);
	const metric = metricOf(kind, view);
	return (
		<GroupsTable
			label="Slices"
			className="max-h-[80dvh]"
			by={view.by}
			groups={view.groups ?? []}
			hrefOf={hrefOf}
			columns={methods.map((method) => ({
				id: method,
				head: (
					<span className="inline-flex flex-col items-end">
						<MethodChip method={method} />
						{method === view.reference ? <span className="font-normal">reference</span> : null}
					</span>
				),
			}))}
			cellOf={(group, method) => (
				<Cell
					figure={figureIn(group, method, metric)}
					isBest={figureIn(group, method, metric)?.value === bestOf(group, metric)}
					isSmall={group.isSmall}
					isReference={method === view.reference}
					reference={view.reference}
				/>
			)}
		/>
	);
}

interface CellProps {
	figure: SliceFigure | null;
	isBest: boolean;
	isSmall: boolean;
	isReference: boolean;
	reference: string | null;
}

function Cell({ figure, isBest, isSmall, isReference, reference }: CellProps) {
	if (figure === null) return <Missing reason="Not measured." />;
	const { value, low, high, difference } = figure;
	const words = [
		low === null || high === null ? "" : `95 % interval ${formatMetric(low)} to ${formatMetric(high)}`,
		difference
			? `${formatDelta(difference.value)} to ${methodTitle(reference ?? "")} (${formatDelta(difference.low)} to ${formatDelta(difference.high)}), ${formatP(difference.adjustedP)} after Holm's correction`
			: "",
	];
	return (
		<span
			title={words.filter(Boolean).join("; ")}
			className={cn("inline-flex flex-col items-end", isSmall && "text-ink-faint")}
		>
			<span className={isBest ? "font-semibold" : undefined}>{formatMetric(value)}</span>
			{isReference || reference === null ? null : (
				<span
					className={cn(
						"text-xs whitespace-nowrap",
						difference && difference.adjustedP <= 0.05 ? "text-ink" : "text-ink-faint",
					)}
				>
					{difference ? (
						<>
							{formatDelta(difference.value)}
							<SignificanceMark p={difference.adjustedP} />
						</>
					) : isSmall ? (
						"not tested"
					) : (
						" "
					)}
				</span>
			)}
		</span>
	);
}
