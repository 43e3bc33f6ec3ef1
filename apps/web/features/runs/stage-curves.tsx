"use client";
import { ErrorState, Skeleton } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/trpc/client";
import { CurveChart } from "./curve-chart";
import { prepareCurves } from "./prepare-curves";
import type { RunStage } from "./run-types";

export function StageCurves({ stage }: { stage: RunStage }) {
	const trpc = useTRPC();
	const metrics = useQuery({ ...trpc.runs.metrics.queryOptions({ stageKey: stage.key }), staleTime: 30_000 });
	if (metrics.isPending) return <Skeleton className="h-60 w-full" />;
	if (metrics.isError) return <ErrorState title="The curves could not be read." message={metrics.error.message} />;
	const charts = prepareCurves(metrics.data);
	if (charts.length === 0) {
		return stage.result ? null : <p className="py-6 text-center text-sm text-ink-faint">{emptyText(stage)}</p>;
	}
	return (
		<div className="grid gap-6 2xl:grid-cols-2">
			{charts.map((chart) => (
				<CurveChart key={chart.id} chart={chart} />
			))}
		</div>
	);
}

function emptyText(stage: RunStage): string {
	switch (stage.status) {
		case "queued":
			return "Its curves and result stand here once it runs.";
		case "running":
			return "Nothing measured yet.";
		default:
			return "This stage measures nothing along the way.";
	}
}
