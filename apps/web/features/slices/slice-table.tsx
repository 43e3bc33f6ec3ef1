import { methodTitle } from "@atelier/core";
import {
	Badge,
	cn,
	formatCount,
	formatDelta,
	formatMetric,
	formatP,
	Missing,
	Table,
	TableFrame,
	Td,
	Th,
	Tr,
} from "@atelier/ui";
import Link from "next/link";
import { SignificanceMark } from "~/features/charts/significance-mark";
import type { MetricKind } from "~/features/compare/compare-view";
import { MethodChip } from "~/features/methods";
import { bestOf, figureIn, groupTitle, methodsOfView, metricOf } from "./prepare-slices";
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
		<TableFrame label="Slices" className="max-h-[80dvh]">
			<Table>
				<thead>
					<tr>
						<Th pinned>{view.by?.title ?? "Slice"}</Th>
						<Th numeric>Shoppers</Th>
						{methods.map((method) => (
							<Th key={method} numeric>
								<span className="inline-flex flex-col items-end">
									<MethodChip method={method} />
									{method === view.reference ? <span className="font-normal">reference</span> : null}
								</span>
							</Th>
						))}
					</tr>
				</thead>
				<tbody>
					{(view.groups ?? []).map((group) => (
						<Tr key={group.slice}>
							<Td pinned className="h-14 max-w-60">
								<Link
									href={hrefOf(group)}
									title={group.slice}
									className="block truncate hover:text-accent-strong hover:underline"
								>
									{groupTitle(group, view.by)}
								</Link>
							</Td>
							<Td numeric className="whitespace-nowrap">
								{formatCount(group.users)}
								{group.isSmall ? (
									<Badge
										tone="warn"
										className="ml-2"
										title="Fewer than 30 shoppers: figures say little, and nothing is tested."
									>
										few
									</Badge>
								) : null}
							</Td>
							{methods.map((method) => (
								<Td key={method} numeric>
									<Cell
										figure={figureIn(group, method, metric)}
										isBest={figureIn(group, method, metric)?.value === bestOf(group, metric)}
										isSmall={group.isSmall}
										isReference={method === view.reference}
										reference={view.reference}
									/>
								</Td>
							))}
						</Tr>
					))}
				</tbody>
			</Table>
		</TableFrame>
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
