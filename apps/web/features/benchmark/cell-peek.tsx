"use client";
import { METRIC_NAMES, METRIC_TITLES, type MetricName } from "@atelier/core";
import { Badge, Button, formatMetric, Sheet, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import Link from "next/link";
import { methodLook, methodRole } from "~/features/methods";
import { PairedTests } from "./paired-tests";
import { type Benchmark, type Comparison, cellOf, pairedLines, signed } from "./prepare-benchmark";

export interface CellPeekProps {
	benchmark: Benchmark;
	/** Undefined while they are worked out. */
	comparisons: readonly Comparison[] | undefined;
	/** The metric whose paired tests are shown. */
	metric: MetricName;
	/** `dataset/method`; empty or unknown closes the panel. */
	cell: string;
	onClose: () => void;
}

/** The runs behind a cell, its intervals and the paper's figures. */
export function CellPeek({ benchmark, comparisons, metric, cell: key, onClose }: CellPeekProps) {
	const [name = "", method = ""] = key.split("/");
	const dataset = benchmark.datasets.find((one) => one.name === name);
	const cell = dataset ? cellOf(dataset, method) : undefined;
	const role = methodRole(method);
	const lines = comparisons ? pairedLines(comparisons, name, method, metric) : [];
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
												{cell.paper && value ? signed(value.value - cell.paper[each]) : "–"}
											</Td>
										</Tr>
									);
								})}
							</tbody>
						</Table>
					</TableFrame>
					{lines.length > 0 ? <PairedTests metric={metric} lines={lines} /> : null}
					{comparisons === undefined ? (
						<p className="text-sm text-ink-faint">Paired tests are being worked out…</p>
					) : null}
					<ul className="space-y-2">
						{cell.runs.map((run) => (
							<li key={run.id} className="flex items-center justify-between gap-3 rounded-md border px-3 py-2 text-sm">
								<span className="min-w-0">
									<span className="block truncate font-mono text-xs text-ink-muted">{run.id}</span>
									<span className="text-ink-faint">
										seed {run.seed}, preset {run.preset}
									</span>
								</span>
								<span className="flex gap-2">
									<Button asChild size="sm">
										<Link href={`/runs/${run.id}`}>Run</Link>
									</Button>
									<Button asChild size="sm">
										<Link href={`/inspector?run=${run.id}`}>Inspect</Link>
									</Button>
								</span>
							</li>
						))}
					</ul>
				</div>
			) : null}
		</Sheet>
	);
}
