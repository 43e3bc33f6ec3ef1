import { formatCount, formatMetric, Stat, StatRow } from "@atelier/ui";
import { HEADLINE_METRICS } from "./metric-cell";
import type { RunDetail } from "./run-types";

/** The headline figures with their intervals; nothing until there are any. */
export function RunMetrics({ run }: { run: Pick<RunDetail, "metrics" | "protocol"> }) {
	const shown = HEADLINE_METRICS.flatMap(({ name, title }) => {
		const metric = run.metrics[name];
		return metric ? [{ name, title, metric }] : [];
	});
	if (shown.length === 0) return null;
	return (
		<StatRow>
			{shown.map(({ name, title, metric }) => (
				<Stat
					key={name}
					label={title}
					value={formatMetric(metric.value)}
					note={
						<span title={`95 % bootstrap interval over ${formatCount(metric.count)} test shoppers`}>
							{formatMetric(metric.low)} – {formatMetric(metric.high)}
						</span>
					}
				/>
			))}
			<Stat
				label="Test shoppers"
				value={formatCount(shown[0]?.metric.count ?? 0)}
				note={run.protocol?.target === "click" ? "one click each" : "one purchase each"}
			/>
		</StatRow>
	);
}
