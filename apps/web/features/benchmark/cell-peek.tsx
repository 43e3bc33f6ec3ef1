"use client";
import { Button, formatMetric, Sheet, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import Link from "next/link";
import { methodLook } from "~/features/methods";
import { type Benchmark, cellOf, METRIC_NAMES, METRIC_TITLES } from "./prepare-benchmark";

export interface CellPeekProps {
	benchmark: Benchmark;
	/** `dataset/method`; empty or unknown closes the panel. */
	cell: string;
	onClose: () => void;
}

/** The runs behind a cell, its intervals and the paper's figures. */
export function CellPeek({ benchmark, cell: key, onClose }: CellPeekProps) {
	const [name = "", method = ""] = key.split("/");
	const dataset = benchmark.datasets.find((one) => one.name === name);
	const cell = dataset ? cellOf(dataset, method) : undefined;
	return (
		<Sheet
			open={cell !== undefined}
			onOpenChange={(open) => open || onClose()}
			title={`${methodLook(method).title} on ${name}`}
		>
			{cell ? (
				<div className="space-y-5 p-5">
					<TableFrame label="Figures">
						<Table>
							<thead>
								<tr>
									<Th>Metric</Th>
									<Th numeric>Measured</Th>
									<Th numeric>95 % interval</Th>
									<Th numeric>Paper</Th>
								</tr>
							</thead>
							<tbody>
								{METRIC_NAMES.map((metric) => {
									const value = cell.metrics[metric];
									const spread =
										value?.low != null && value.high != null
											? `${formatMetric(value.low)} – ${formatMetric(value.high)}`
											: value?.deviation != null
												? `± ${formatMetric(value.deviation)} over seeds`
												: "–";
									return (
										<Tr key={metric}>
											<Td>{METRIC_TITLES[metric]}</Td>
											<Td numeric>{value ? formatMetric(value.value) : "–"}</Td>
											<Td numeric>{spread}</Td>
											<Td numeric className="text-ink-faint">
												{cell.paper ? formatMetric(cell.paper[metric]) : "–"}
											</Td>
										</Tr>
									);
								})}
							</tbody>
						</Table>
					</TableFrame>
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
