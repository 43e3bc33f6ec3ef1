import { formatCount, formatMetric, Missing, Panel, Table, Td, Th, Tr } from "@atelier/ui";
import { HEADLINE_METRICS } from "./metric-cell";
import type { RunDetail } from "./run-types";

const SLICE_WORDS: Record<string, string> = {
	all: "All test shoppers",
	cold: "Cold: the target is unseen in training",
	warm: "Warm: the target is seen in training",
};

/** The headline figures on each slice of the test shoppers. */
export function RunSlices({ slices }: { slices: RunDetail["slices"] }) {
	const names = [...new Set(slices.map(({ slice }) => slice))];
	if (names.length === 0) return null;
	const find = (slice: string, name: string) => slices.find((row) => row.slice === slice && row.name === name);
	return (
		<Panel title="Metrics by slice" description="95 % bootstrap intervals under each figure." flush>
			<div className="relative overflow-x-auto">
				<Table>
					<thead>
						<tr>
							<Th>Slice</Th>
							<Th numeric>Shoppers</Th>
							{HEADLINE_METRICS.map(({ name, title }) => (
								<Th key={name} numeric>
									{title}
								</Th>
							))}
						</tr>
					</thead>
					<tbody>
						{names.map((slice) => (
							<Tr key={slice}>
								<Td className="min-w-40">{SLICE_WORDS[slice] ?? slice}</Td>
								<Td numeric>{formatCount(slices.find((row) => row.slice === slice)?.count ?? 0)}</Td>
								{HEADLINE_METRICS.map(({ name }) => {
									const metric = find(slice, name);
									return (
										<Td key={name} numeric className="py-1.5">
											{metric ? (
												<>
													<span className="block">{formatMetric(metric.value)}</span>
													<span className="block text-xs whitespace-nowrap text-ink-faint">
														{formatMetric(metric.low)} – {formatMetric(metric.high)}
													</span>
												</>
											) : (
												<Missing reason="Not measured on this slice." />
											)}
										</Td>
									);
								})}
							</Tr>
						))}
					</tbody>
				</Table>
			</div>
		</Panel>
	);
}
