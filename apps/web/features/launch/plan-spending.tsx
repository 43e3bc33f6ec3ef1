import { formatMetric, Stat } from "@atelier/ui";
import type { Plan } from "./prepare-plan";

/** GPU-hours and cost of a plan; nothing for one that holds no GPU and runs nowhere that has a price. */
export function PlanSpending({ plan: { stages, totals } }: { plan: Plan }) {
	const usesGpus = stages.some(({ status, gpus }) => status !== "reused" && gpus > 0);
	return (
		<>
			{usesGpus ? (
				<Stat
					label="GPU-hours"
					value={totals.gpuHours === null ? "not known" : formatMetric(totals.gpuHours)}
					note={totals.gpuHours === null ? "not measured there yet" : "as measured there"}
				/>
			) : null}
			{totals.cost === null ? null : (
				<Stat label="Cost" value={totals.cost.toFixed(2)} note="at the hosts' prices an hour" />
			)}
		</>
	);
}
