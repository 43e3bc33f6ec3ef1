import { METRIC_TITLES, type MetricName } from "@atelier/core";
import { formatCount, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import { MethodChip } from "~/features/methods";
import { formatP, type PairedLine, signed } from "./prepare-benchmark";

export interface PairedTestsProps {
	metric: MetricName;
	lines: readonly PairedLine[];
}

/** One method against others, shopper by shopper. */
export function PairedTests({ metric, lines }: PairedTestsProps) {
	return (
		<div>
			<TableFrame label="Paired tests">
				<Table>
					<thead>
						<tr>
							<Th>Against</Th>
							<Th numeric>Δ {METRIC_TITLES[metric]}</Th>
							<Th numeric title="95 % bootstrap interval of the difference over shoppers">
								95 % interval
							</Th>
							<Th numeric title="After Holm's correction over the whole table">
								p
							</Th>
							<Th numeric title="Shoppers for whom it is better, equal, worse">
								W / T / L
							</Th>
						</tr>
					</thead>
					<tbody>
						{lines.map(({ other, value, low, high, adjustedP, wins, ties, losses }) => (
							<Tr key={other}>
								<Td>
									<MethodChip method={other} />
								</Td>
								<Td numeric className={adjustedP <= 0.05 ? "font-semibold" : undefined}>
									{signed(value)}
								</Td>
								<Td numeric className="whitespace-nowrap">
									{signed(low)} to {signed(high)}
								</Td>
								<Td numeric className="whitespace-nowrap">
									{formatP(adjustedP)}
								</Td>
								<Td numeric className="whitespace-nowrap text-ink-muted">
									{formatCount(wins)} / {formatCount(ties)} / {formatCount(losses)}
								</Td>
							</Tr>
						))}
					</tbody>
				</Table>
			</TableFrame>
			<p className="mt-1.5 text-xs text-ink-faint">
				Paired bootstrap over shoppers; p after Holm's correction over every test of this page. Bold: at most .05.
			</p>
		</div>
	);
}
