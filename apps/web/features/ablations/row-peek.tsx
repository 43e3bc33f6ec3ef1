"use client";
import { METRIC_NAMES, METRIC_TITLES } from "@atelier/core";
import { formatCount, formatMetric, Sheet, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import { PairedTests } from "~/features/benchmark/paired-tests";
import { type Computing, ComputingTests } from "~/features/charts/computing-tests";
import { runName } from "~/features/methods";
import { RunLinks } from "~/features/runs/run-links";
import { RunWarnings } from "~/features/warnings/run-warnings";
import { type AblationDataset, type AblationRow, rowOf } from "./prepare-ablations";

export interface RowPeekProps {
	datasets: readonly AblationDataset[];
	computing: Computing | null | undefined;
	/** `dataset/variant`; empty or unknown closes the panel. */
	open: string;
	onClose: () => void;
}

/** The runs behind a variant on a dataset and its paired tests against the full method. */
export function RowPeek({ datasets, computing, open, onClose }: RowPeekProps) {
	const [name = "", variant = ""] = open.split("/");
	const dataset = datasets.find((one) => one.name === name);
	const row = dataset ? rowOf(dataset, variant) : undefined;
	return (
		<Sheet
			open={row !== undefined}
			onOpenChange={(isOpen) => isOpen || onClose()}
			title={`${runName({ method: "ours", variant, setting: "full" })} on ${name}`}
		>
			{row ? (
				<div className="space-y-5 p-5">
					<RunWarnings warnings={row.warnings} />
					{variant === "full" ? <Figures row={row} /> : <AgainstFull row={row} />}
					<ComputingTests computing={computing} />
					<RunLinks runs={row.runs} />
				</div>
			) : null}
		</Sheet>
	);
}

/** The full method's own: there is nothing to set it against. */
function Figures({ row: { metrics, users } }: { row: AblationRow }) {
	return (
		<div>
			<TableFrame label="Figures">
				<Table>
					<thead>
						<tr>
							<Th>Metric</Th>
							<Th numeric>Value</Th>
						</tr>
					</thead>
					<tbody>
						{METRIC_NAMES.map((metric) => (
							<Tr key={metric}>
								<Td>{METRIC_TITLES[metric]}</Td>
								<Td numeric>{formatMetric(metrics[metric]?.value ?? Number.NaN)}</Td>
							</Tr>
						))}
					</tbody>
				</Table>
			</TableFrame>
			{users === null ? null : (
				<p className="mt-1.5 text-xs text-ink-faint">
					Over {formatCount(users)} test shoppers; every other row is set against this one.
				</p>
			)}
		</div>
	);
}

function AgainstFull({ row: { metrics, difference } }: { row: AblationRow }) {
	return (
		<div>
			<PairedTests
				label="Against the full method"
				heads={{ row: "Metric", difference: "Δ to full" }}
				untested="Not computed yet, or the full method has no run of the same seeds under this preset and protocol."
				rows={METRIC_NAMES.map((metric) => ({
					key: metric,
					title: METRIC_TITLES[metric],
					value: metrics[metric]?.value ?? null,
					test: difference?.metrics[metric] ?? null,
				}))}
			/>
			{difference === null ? null : (
				<p className="mt-1.5 text-xs text-ink-faint">Paired over {formatCount(difference.users)} test shoppers.</p>
			)}
		</div>
	);
}
