"use client";
import { METRIC_NAMES, type Measurement } from "@atelier/core";
import { Badge, Button, formatDelta, formatMetric, SidePanel, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import { Layers } from "lucide-react";
import Link from "next/link";
import { ComputingTests } from "~/features/charts/computing-tests";
import { compareHref } from "~/features/compare/compare-view";
import { MethodChip, methodLook, methodRole } from "~/features/methods";
import { RunLinks } from "~/features/runs/run-links";
import { slicesHref } from "~/features/slices/slices-view";
import { RunWarnings } from "~/features/warnings/run-warnings";
import type { BenchmarkView } from "./benchmark-view";
import { PairedTests } from "./paired-tests";
import { type Benchmark, type BenchmarkCell, type BenchmarkDataset, cellOf, pairedLines } from "./prepare-benchmark";
import { metricTitleAt } from "./slice-benchmark";

export interface CellPanelProps {
	benchmark: Benchmark;
	/** The page's: whose metric's paired tests are shown. */
	view: BenchmarkView;
	/** The method that all others are compared with. */
	reference: string;
	onClose: () => void;
}

/** The runs behind a cell, its intervals and the paper's figures. */
export function CellPanel({ benchmark, view, reference, onClose }: CellPanelProps) {
	const { metric, cell: key } = view;
	const [name = "", method = ""] = [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];
	const dataset = benchmark.datasets.find((one) => one.name === name);
	const cell = dataset ? cellOf(dataset, method) : undefined;
	const role = methodRole(method);
	const lines = pairedLines(benchmark.comparisons ?? [], name, method, metric);
	const k = dataset?.protocol?.k ?? 10;
	return (
		<SidePanel open={cell !== undefined} onClose={onClose} title={`${methodLook(method).title} on ${name}`}>
			{cell && dataset ? (
				<div className="space-y-5 p-4">
					{role ? (
						<p className="text-sm text-ink-muted">
							<Badge>{role.label}</Badge> {role.note}
						</p>
					) : null}
					<RunWarnings warnings={cell.warnings} />
					<CellFigures cell={cell} k={k} />
					{lines.length > 0 ? (
						<PairedTests
							label="Paired tests"
							heads={{ row: "Against", difference: `Δ ${metricTitleAt(metric, k)}` }}
							untested="Not tested."
							rows={lines.map((line) => ({
								key: line.other,
								title: <MethodChip method={line.other} />,
								test: line,
							}))}
						/>
					) : null}
					<ComputingTests computing={benchmark.computing} />
					<CellRuns dataset={dataset} cell={cell} reference={reference} />
					<div className="flex flex-wrap gap-2">
						<Button asChild size="sm">
							<Link href={slicesHref({ dataset: name, k: view.k, slice: view.slice, reference: view.reference })}>
								<Layers /> By slice
							</Link>
						</Button>
					</div>
				</div>
			) : null}
		</SidePanel>
	);
}

/** The figures of all three metrics, with the paper's where it has some. */
function CellFigures({ cell, k }: { cell: BenchmarkCell; k: number }) {
	const hasPaper = cell.paper !== null;
	return (
		<TableFrame label="Figures">
			<Table>
				<thead>
					<tr>
						<Th>Metric</Th>
						<Th numeric>Measured</Th>
						<Th numeric>95 % interval</Th>
						{hasPaper ? (
							<>
								<Th numeric title="On its own data, which is not public">
									Paper
								</Th>
								<Th numeric>Δ</Th>
							</>
						) : null}
					</tr>
				</thead>
				<tbody>
					{METRIC_NAMES.map((each) => {
						const value = cell.metrics[each];
						return (
							<Tr key={each}>
								<Td>{metricTitleAt(each, k)}</Td>
								<Td numeric>{value ? formatMetric(value.value) : "–"}</Td>
								<Td numeric className="whitespace-nowrap">
									{value ? spreadText(value) : "–"}
								</Td>
								{cell.paper ? (
									<>
										<Td numeric className="text-ink-faint">
											{formatMetric(cell.paper[each])}
										</Td>
										<Td numeric className="text-ink-faint">
											{value ? formatDelta(value.value - cell.paper[each]) : "–"}
										</Td>
									</>
								) : null}
							</Tr>
						);
					})}
				</tbody>
			</Table>
		</TableFrame>
	);
}

function spreadText({ low, high, deviation }: Measurement): string {
	if (deviation !== null) return `± ${formatMetric(deviation)} over seeds`;
	return low === null || high === null ? "–" : `${formatMetric(low)} – ${formatMetric(high)}`;
}

interface CellRunsProps {
	dataset: BenchmarkDataset;
	cell: BenchmarkCell;
	reference: string;
}

/** The runs behind the cell, one a seed; each goes beside the reference's of its seed. */
function CellRuns({ dataset, cell, reference }: CellRunsProps) {
	const against = cell.method === reference ? undefined : cellOf(dataset, reference);
	return (
		<RunLinks
			runs={cell.runs}
			compareWith={(run) => {
				const other = against?.runs.find(({ seed }) => seed === run.seed) ?? against?.runs[0];
				return other ? { href: compareHref([other.id, run.id]), title: methodLook(reference).title } : null;
			}}
		/>
	);
}
