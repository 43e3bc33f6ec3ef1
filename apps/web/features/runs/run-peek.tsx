"use client";
import { visibleLines } from "@atelier/core";
import { Button, ErrorState, PanelSkeleton, Sheet, StatusBadge } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { MethodChip, runName } from "~/features/methods";
import { useTRPC } from "~/trpc/client";
import { CloneRun } from "./clone-run";
import { RunActions } from "./run-actions";
import { RunFacts } from "./run-facts";
import { RunMetrics } from "./run-metrics";
import { RunNote } from "./run-note";
import { isLive } from "./run-types";
import { stageRef } from "./run-view";
import { RunWaiting } from "./run-waiting";
import { StageList } from "./stage-list";

export function RunPeek({ id, onClose }: { id: string; onClose: () => void }) {
	const trpc = useTRPC();
	const query = useQuery({
		...trpc.runs.get.queryOptions({ id }),
		enabled: id !== "",
		refetchInterval: ({ state }) => (state.data && isLive(state.data.status) ? 1_500 : false),
	});
	const run = query.data;
	return (
		<Sheet
			open={id !== ""}
			onOpenChange={(open) => open || onClose()}
			title={run ? `${runName(run)} on ${run.dataset}` : "Run"}
			actions={
				<Button asChild size="sm">
					<Link href={`/runs/${id}`}>Open run</Link>
				</Button>
			}
		>
			<div className="space-y-5 p-5">
				{query.isPending ? <PanelSkeleton lines={6} className="h-64" /> : null}
				{query.isError ? <ErrorState title="The run could not be read." message={query.error.message} /> : null}
				{run ? (
					<>
						<div className="flex flex-wrap items-center justify-between gap-2">
							<span className="flex items-center gap-2">
								<MethodChip method={run.method} variant={run.variant} />
								<StatusBadge status={run.status} />
							</span>
							<span className="flex flex-wrap gap-2">
								<CloneRun id={run.id} size="sm" />
								<RunActions run={run} size="sm" />
							</span>
						</div>
						<RunNote key={run.id} run={run} />
						{run.error ? <ErrorState title="The run failed." message={visibleLines(run.error)} /> : null}
						<RunWaiting run={run} />
						<RunMetrics run={run} />
						<StageList stages={run.stages} href={(stage) => `/runs/${id}?stage=${stageRef(run.stages, stage)}`} />
						<RunFacts run={run} />
					</>
				) : null}
			</div>
		</Sheet>
	);
}
