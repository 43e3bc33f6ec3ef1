"use client";
import { cn, Missing, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { MethodChip } from "~/features/methods";
import { FigureCell } from "./figure-cell";
import { type Benchmark, cellOf, figureOf, METRIC_NAMES, METRIC_TITLES, methodsOf } from "./prepare-benchmark";

export interface BenchmarkTableProps {
	benchmark: Benchmark;
	/** Open cell as `dataset/method`. */
	open: string;
	onOpen: (cell: string) => void;
}

/** Methods × datasets × the three metrics; a dataset's cells of one method open together. */
export function BenchmarkTable({ benchmark, open, onOpen }: BenchmarkTableProps) {
	const { datasets } = benchmark;
	return (
		<TableFrame label="Benchmark">
			<Table>
				<thead>
					<tr>
						<Th pinned rowSpan={2} className="align-bottom">
							Method
						</Th>
						{datasets.map((dataset) => (
							<Th key={dataset.name} colSpan={METRIC_NAMES.length} className="static border-l text-left text-ink">
								<span className="flex items-center gap-2">
									{dataset.name} <DatasetLabels dataset={dataset} />
								</span>
							</Th>
						))}
					</tr>
					<tr>
						{datasets.flatMap((dataset) =>
							METRIC_NAMES.map((name, index) => (
								<Th key={`${dataset.name} ${name}`} numeric className={cn(index === 0 && "border-l")}>
									{METRIC_TITLES[name]}
								</Th>
							)),
						)}
					</tr>
				</thead>
				<tbody>
					{methodsOf(benchmark).map((method) => (
						<Tr key={method}>
							<Td pinned>
								<MethodChip method={method} />
							</Td>
							{datasets.flatMap((dataset) => {
								const key = `${dataset.name}/${method}`;
								return METRIC_NAMES.map((name, index) => {
									const figure = figureOf(dataset, method, name);
									return (
										<Td
											key={`${key} ${name}`}
											numeric
											onClick={figure ? () => onOpen(key) : undefined}
											className={cn(
												index === 0 && "border-l",
												figure && "cursor-pointer",
												open === key && "bg-accent-soft",
											)}
										>
											{figure ? (
												<button
													type="button"
													className="rounded-sm"
													aria-label={`${method} on ${dataset.name}: ${name}`}
												>
													<FigureCell figure={figure} method={method} paper={cellOf(dataset, method)?.paper?.[name]} />
												</button>
											) : (
												<Missing reason="No run of this method has succeeded on this dataset under this protocol." />
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
