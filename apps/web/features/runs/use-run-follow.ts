"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useTRPC } from "~/trpc/client";
import { applyMetric, applyProgress, logLineOf } from "./apply-run-event";

/**
 * Keeps the cached run, its curves and its logs up to date from the server's events, while the run is under way.
 *
 * @returns whether the events are coming in: `live`, `connecting` (again), or `off`
 */
export function useRunFollow(id: string, enabled: boolean): "live" | "connecting" | "off" {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const runKey = trpc.runs.get.queryKey({ id });
	const subscription = useSubscription(
		trpc.runs.follow.subscriptionOptions(
			{ id },
			{
				enabled,
				onStarted: () => {
					// What happened between the page's first read and now is in the record already.
					void queryClient.invalidateQueries(trpc.runs.get.queryFilter({ id }));
					void queryClient.invalidateQueries(trpc.runs.metrics.pathFilter());
					void queryClient.invalidateQueries(trpc.runs.logs.pathFilter());
				},
				onData: ({ id: eventId, data }) => {
					if (data.kind === "state") {
						void queryClient.invalidateQueries(trpc.runs.get.queryFilter({ id }));
						void queryClient.invalidateQueries(trpc.runs.metrics.pathFilter());
						return;
					}
					queryClient.setQueryData(runKey, (run) => run && applyProgress(run, data));
					queryClient.setQueryData(
						trpc.runs.metrics.queryKey({ stageKey: data.stageKey }),
						(series) => series && applyMetric(series, data),
					);
					const stage = queryClient.getQueryData(runKey)?.stages.find(({ key }) => key === data.stageKey);
					const line = logLineOf(data, eventId, stage?.attempts[0]?.number ?? 1);
					if (line === null) return;
					queryClient.setQueryData(
						trpc.runs.logs.queryKey({ stageKey: data.stageKey }),
						(lines) => lines && (lines.some((known) => known.id === line.id) ? lines : [...lines, line]),
					);
				},
			},
		),
	);
	if (!enabled) return "off";
	return subscription.status === "pending" ? "live" : "connecting";
}
