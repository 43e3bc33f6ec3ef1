import { METRIC_NAMES, METRIC_TITLES, type MetricName } from "@atelier/core";
import { Select } from "@atelier/ui";

export interface MetricSelectProps {
	metric: MetricName;
	onMetric: (metric: MetricName) => void;
}

/** Which of the paper's metrics the charts of a page show. */
export function MetricSelect({ metric, onMetric }: MetricSelectProps) {
	return (
		<Select
			aria-label="Metric"
			className="w-36"
			value={metric}
			onChange={({ target }) => onMetric(METRIC_NAMES.find((name) => name === target.value) ?? metric)}
		>
			{METRIC_NAMES.map((name) => (
				<option key={name} value={name}>
					{METRIC_TITLES[name]}
				</option>
			))}
		</Select>
	);
}
