"use client";
import { METRIC_NAMES } from "@atelier/core";
import { cn, Missing, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { MethodChip, methodRole } from "~/features/methods";
import { UnderWayMark } from "~/features/under-way/under-way-mark";
import { FigureCell } from "./figure-cell";
import {
	type Benchmark,
	type Comparison,
	cellOf,
	describeAgainst,
	figureOf,
	methodsOf,
	nameCell,
	pairedLines,
	type UnderFigures,
	underFigure,
} from "./prepare-benchmark";
import { metricTitleAt, type SlicedAnswers } from "./slice-benchmark";

export interface BenchmarkTableProps {
	benchmark: Benchmark;
	/** Empty while they are worked out. */
	comparisons: readonly Comparison[];
	under: UnderFigures;
	/** The method that all others are compared with. */
	reference: string;
	/** Of figures that are worked out anew; null for the stored ones. */
	answers: SlicedAnswers | null;
	/** Open cell as `dataset/method`. */
	open: string;
	onOpen: (cell: string) => void;
}

/** Past this many datasets cells are dense, so that four of them fit a wide screen. */
const ROOMY_DATASETS = 2;

/** Methods × datasets × the three metrics; a dataset's cells of one method open together. */
export function BenchmarkTable({
	benchmark,
	comparisons,
	under,
	reference,
	answers,
	open,
	onOpen,
}: BenchmarkTableProps) {
	const { datasets } = benchmark;
	const isDense = datasets.length > ROOMY_DATASETS;
	const padding = isDense ? "px-2" : undefined;
	return (
		<TableFrame label="Benchmark">
			<Table>
				<thead>
					<tr>
						<Th pinned rowSpan={2} className="align-bottom">
							Method
						</Th>
						{datasets.map((dataset) => (
							<Th
								key={dataset.name}
								colSpan={METRIC_NAMES.length}
								className={cn("static border-l text-left text-ink", padding)}
							>
								<span className="flex items-center gap-2">
									{dataset.name} <DatasetLabels dataset={dataset} />
								</span>
							</Th>
						))}
					</tr>
					<tr>
						{datasets.flatMap((dataset) =>
							METRIC_NAMES.map((name, index) => (
								<Th key={`${dataset.name} ${name}`} numeric className={cn(padding, index === 0 && "border-l")}>
									{metricTitleAt(name, dataset.protocol?.k ?? 10)}
								</Th>
							)),
						)}
					</tr>
				</thead>
				<tbody>
					{methodsOf(benchmark).map((method) => (
						<Tr key={method}>
							<Td pinned>
								<MethodName method={method} />
							</Td>
							{datasets.flatMap((dataset) => {
								const key = `${dataset.name}/${method}`;
								const warnings = cellOf(dataset, method)?.warnings ?? [];
								const underWay = cellOf(dataset, method)?.underWay ?? null;
								return METRIC_NAMES.map((name, index) => {
									const figure = figureOf(dataset, method, name);
									const paper = cellOf(dataset, method)?.paper?.[name];
									const lines = pairedLines(comparisons, dataset.name, method, name);
									const metric = metricTitleAt(name, dataset.protocol?.k ?? 10);
									const difference = lines.find(({ other }) => other === reference) ?? null;
									return (
										<Td
											key={`${key} ${name}`}
											numeric
											onClick={figure ? () => onOpen(key) : undefined}
											className={cn(
												padding,
												index === 0 && "border-l",
												figure && "cursor-pointer",
												open === key && "bg-accent-soft",
											)}
										>
											{figure ? (
												<button
													type="button"
													className="rounded-sm"
													aria-label={nameCell({ method, dataset: dataset.name, metric, figure, warnings })}
												>
													<FigureCell
														figure={figure}
														method={method}
														paper={paper}
														under={underFigure(figure, paper, under, difference)}
														note={describeAgainst(lines, reference)}
														bar={!isDense}
														warnings={warnings}
													/>
												</button>
											) : index === 0 && underWay ? (
												<UnderWayMark cell={underWay} />
											) : underWay ? (
												<Missing reason="Under way." />
											) : (
												<Missing reason={whyMissing(answers, dataset.name, method)} />
											)}
										</Td>
									);
								});
							})}
						</Tr>
					))}
				</tbody>
			</Table>
		</TableFrame>
	);
}

function MethodName({ method }: { method: string }) {
	const role = methodRole(method);
	return (
		<span className="flex flex-col">
			<MethodChip method={method} />
			{role ? (
				<span title={role.note} className="pl-[1.125rem] text-xs whitespace-nowrap text-ink-faint">
					{role.label}
				</span>
			) : null}
		</span>
	);
}

/** Why a cell has no figure. */
function whyMissing(answers: SlicedAnswers | null, dataset: string, method: string): string {
	if (answers === null) return "No run of this method has succeeded on this dataset under this protocol.";
	const { sliced, error } = answers.get(dataset) ?? { sliced: undefined, error: null };
	if (error !== null) return error;
	if (sliced?.groups == null) return "Being worked out.";
	return sliced.leftOut.find((one) => one.method === method)?.why ?? "No shopper of this slice was tested with it.";
}
