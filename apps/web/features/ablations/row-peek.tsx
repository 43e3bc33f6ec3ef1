"use client";
import { METRIC_NAMES, METRIC_TITLES } from "@atelier/core";
import { Button, formatCount, formatMetric, Sheet, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import Link from "next/link";
import { formatP, signed } from "~/features/benchmark/prepare-benchmark";
import { variantLabel } from "~/features/methods";
import { type AblationDataset, rowOf } from "./prepare-ablations";

export interface RowPeekProps {
	datasets: readonly AblationDataset[];
	/** `dataset/variant`; empty or unknown closes the panel. */
	open: string;
	onClose: () => void;
}

/** The runs behind a variant on a dataset and its paired tests against the full method. */
export function RowPeek({ datasets, open, onClose }: RowPeekProps) {
	const [name = "", variant = ""] = open.split("/");
	const dataset = datasets.find((one) => one.name === name);
	const row = dataset ? rowOf(dataset, variant) : undefined;
	const users = row?.difference?.users ?? row?.users ?? null;
	return (
		<Sheet
			open={row !== undefined}
			onOpenChange={(isOpen) => isOpen || onClose()}
			title={`Ours ${variantLabel(variant)} on ${name}`}
		>
			{row ? (
				<div className="space-y-5 p-5">
					<TableFrame label="Against the full method">
						<Table>
							<thead>
								<tr>
									<Th>Metric</Th>
									<Th numeric>Value</Th>
									<Th numeric>Δ to full</Th>
									<Th numeric>95 % interval</Th>
									<Th numeric title="After Holm's correction over the whole table">
										p
									</Th>
									<Th numeric title="Shoppers for whom it is better, equal, worse">
										W / T / L
									</Th>
								</tr>
							</thead>
							<tbody>
								{METRIC_NAMES.map((metric) => {
									const test = row.difference?.metrics[metric];
									const value = row.metrics[metric];
									return (
										<Tr key={metric}>
											<Td>{METRIC_TITLES[metric]}</Td>
											<Td numeric>{value ? formatMetric(value.value) : "–"}</Td>
											<Td numeric>{test ? signed(test.value) : "–"}</Td>
											<Td numeric className="whitespace-nowrap">
												{test ? `${signed(test.low)} to ${signed(test.high)}` : "–"}
											</Td>
											<Td numeric className="whitespace-nowrap">
												{test ? formatP(test.adjustedP) : "–"}
											</Td>
											<Td numeric className="whitespace-nowrap text-ink-muted">
												{test
													? `${formatCount(test.wins)} / ${formatCount(test.ties)} / ${formatCount(test.losses)}`
													: "–"}
											</Td>
										</Tr>
									);
								})}
							</tbody>
						</Table>
					</TableFrame>
					{users === null ? null : (
						<p className="text-xs text-ink-faint">Paired over {formatCount(users)} test shoppers.</p>
					)}
					<ul className="space-y-2">
						{row.runs.map((run) => (
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
