"use client";
import { METRIC_NAMES, METRIC_TITLES, type MetricName } from "@atelier/core";
import { Badge, formatDelta, formatMetric, Sheet, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import { ComputingTests } from "~/features/charts/computing-tests";
import { MethodChip, methodLook, methodRole } from "~/features/methods";
import { RunLinks } from "~/features/runs/run-links";
import { RunWarnings } from "~/features/warnings/run-warnings";
import { PairedTests } from "./paired-tests";
import { type Benchmark, cellOf, pairedLines } from "./prepare-benchmark";

export interface CellPeekProps {
	benchmark: Benchmark;
	/** The metric whose paired tests are shown. */
	metric: MetricName;
	/** `dataset/method`; empty or unknown closes the panel. */
	cell: string;
	onClose: () => void;
}

/** The runs behind a cell, its intervals and the paper's figures. */
export function CellPeek({ benchmark, metric, cell: key, onClose }: CellPeekProps) {
	const [name = "", method = ""] = key.split("/");
	const dataset = benchmark.datasets.find((one) => one.name === name);
	const cell = dataset ? cellOf(dataset, method) : undefined;
	const role = methodRole(method);
	const lines = pairedLines(benchmark.comparisons ?? [], name, method, metric);
	return (
		<Sheet
			open={cell !== undefined}
			onOpenChange={(open) => open || onClose()}
			title={`${methodLook(method).title} on ${name}`}
		>
			{cell ? (
				<div className="space-y-5 p-5">
					{role ? (
						<p className="text-sm text-ink-muted">
							<Badge>{role.label}</Badge> {role.note}
						</p>
					) : null}
					<RunWarnings warnings={cell.warnings} />
					<TableFrame label="Figures">
						<Table>
							<thead>
								<tr>
									<Th>Metric</Th>
									<Th numeric>Measured</Th>
									<Th numeric>95 % interval</Th>
									<Th numeric title="On its own data, which is not public">
										Paper
									</Th>
									<Th numeric>Δ</Th>
								</tr>
							</thead>
							<tbody>
								{METRIC_NAMES.map((each) => {
									const value = cell.metrics[each];
									const spread =
										value?.low != null && value.high != null
											? `${formatMetric(value.low)} – ${formatMetric(value.high)}`
											: value?.deviation != null
												? `± ${formatMetric(value.deviation)} over seeds`
												: "–";
									return (
										<Tr key={each}>
											<Td>{METRIC_TITLES[each]}</Td>
											<Td numeric>{value ? formatMetric(value.value) : "–"}</Td>
											<Td numeric>{spread}</Td>
											<Td numeric className="text-ink-faint">
												{cell.paper ? formatMetric(cell.paper[each]) : "–"}
											</Td>
											<Td numeric className="text-ink-faint">
												{cell.paper && value ? formatDelta(value.value - cell.paper[each]) : "–"}
											</Td>
										</Tr>
									);
								})}
							</tbody>
						</Table>
					</TableFrame>
					{lines.length > 0 ? (
						<PairedTests
							label="Paired tests"
							heads={{ row: "Against", difference: `Δ ${METRIC_TITLES[metric]}` }}
							untested="Not tested."
							rows={lines.map((line) => ({
								key: line.other,
								title: <MethodChip method={line.other} />,
								test: line,
							}))}
						/>
					) : null}
					<ComputingTests computing={benchmark.computing} />
					<RunLinks runs={cell.runs} />
				</div>
			) : null}
		</Sheet>
	);
}
