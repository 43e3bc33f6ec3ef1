"use client";
import { visibleLines } from "@atelier/core";
import { Badge, Button, ErrorState, PageHeader, Panel, PanelSkeleton, Skeleton, StatusBadge } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { GitCompareArrows, Radio, ScanSearch } from "lucide-react";
import Link from "next/link";
import { compareHref } from "~/features/compare/compare-view";
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { MethodMarker, methodLook, methodRole, settingTitle, variantLabel } from "~/features/methods";
import { useUrlState } from "~/features/url-state";
import { RunWarnings } from "~/features/warnings/run-warnings";
import { useTRPC } from "~/trpc/client";
import { CloneRun } from "./clone-run";
import { GenerationHealth } from "./generation-health";
import { Reranker } from "./reranker";
import { RunActions } from "./run-actions";
import { RunConfiguration } from "./run-configuration";
import { RunExport } from "./run-export";
import { RunFacts } from "./run-facts";
import { RunMetrics } from "./run-metrics";
import { RunNote } from "./run-note";
import { RunSlices } from "./run-slices";
import { isLive } from "./run-types";
import { chooseStage, runViewCodec, stageRef } from "./run-view";
import { RunWaiting } from "./run-waiting";
import { StageDetail } from "./stage-detail";
import { StageList } from "./stage-list";
import { useRunFollow } from "./use-run-follow";

export function RunPage({ id }: { id: string }) {
	const trpc = useTRPC();
	const [view, update] = useUrlState(runViewCodec);
	const query = useQuery({
		...trpc.runs.get.queryOptions({ id }),
		// Events tell most of it; a slow poll covers what no event announces.
		refetchInterval: ({ state }) => (state.data && isLive(state.data.status) ? 10_000 : false),
	});
	const run = query.data;
	const connection = useRunFollow(id, run !== undefined && isLive(run.status));
	if (query.isPending) return <RunSkeleton />;
	if (query.isError || run === undefined) {
		return (
			<ErrorState
				title="The run could not be shown."
				message={query.error?.message}
				actions={
					<Button asChild>
						<Link href="/runs">See all runs</Link>
					</Button>
				}
			/>
		);
	}
	const stage = chooseStage(run.stages, view.stage);
	const role = methodRole(run.method);
	const failed = run.stages.find(({ status }) => status === "failed");
	return (
		<>
			<PageHeader
				title={
					<span className="inline-flex items-center gap-2">
						<MethodMarker method={run.method} size={16} />
						{methodLook(run.method).title} on {run.dataset}
					</span>
				}
				badges={
					<>
						<StatusBadge status={run.status} />
						{run.variant === "full" ? null : <Badge tone="accent">{variantLabel(run.variant)}</Badge>}
						{run.setting === "full" ? null : <Badge tone="accent">{settingTitle(run.setting)}</Badge>}
						{role ? <Badge title={role.note}>{role.label}</Badge> : null}
						{run.protocol?.target === "click" ? <Badge tone="warn">predicts clicks</Badge> : null}
						<Badge>seed {run.seed}</Badge>
						<DatasetLabels dataset={{ synthetic: run.synthetic, queriesDerived: false }} />
						{connection === "off" ? null : (
							<span className="inline-flex items-center gap-1 text-xs text-ink-faint">
								<Radio aria-hidden className="size-3.5" />
								{connection === "live" ? "live" : "connecting"}
							</span>
						)}
					</>
				}
				actions={
					<>
						<CloneRun id={run.id} />
						<RunActions run={run} />
						{run.status === "succeeded" ? (
							<>
								<RunExport id={run.id} />
								<Button asChild>
									<Link href={compareHref([run.id])}>
										<GitCompareArrows /> Compare
									</Link>
								</Button>
								<Button asChild variant="primary">
									<Link href={`/inspector?run=${run.id}`}>
										<ScanSearch /> Inspect shoppers
									</Link>
								</Button>
							</>
						) : null}
					</>
				}
			/>
			<div className="space-y-6">
				{run.status === "failed" ? (
					<ErrorState
						title="The run failed."
						message={run.error && visibleLines(run.error)}
						kept={`${run.progress.done} of ${run.progress.total} stages are done and stay.`}
						advice={
							failed
								? `Read the log of ${failed.kind} below. Retry runs what is missing; settings that cannot work have to be launched anew.`
								: undefined
						}
						id={run.id}
					/>
				) : null}
				<RunWarnings warnings={run.warnings} />
				<RunWaiting run={run} />
				<RunMetrics run={run} />
				<GenerationHealth run={run} />
				<Reranker run={run} />
				<div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[18rem_minmax(0,1fr)] lg:grid-rows-[auto_1fr]">
					<StageList
						stages={run.stages}
						selectedKey={stage?.key}
						href={(one) => `/runs/${id}?${runViewCodec.serialise({ ...view, stage: stageRef(run.stages, one) })}`}
					/>
					<div className="min-w-0 space-y-6 lg:col-start-2 lg:row-span-2 lg:row-start-1">
						{stage ? (
							<StageDetail
								key={stage.key}
								runId={run.id}
								stage={stage}
								tab={view.tab}
								onTab={(tab) => update({ tab, stage: stageRef(run.stages, stage) }, { push: true })}
							/>
						) : null}
						<RunSlices slices={run.slices} />
						<RunConfiguration config={run.config} />
					</div>
					<Panel title="Run">
						<RunFacts run={run} />
						<div className="mt-4 border-t pt-4">
							<RunNote key={run.id} run={run} />
						</div>
					</Panel>
				</div>
			</div>
		</>
	);
}

function RunSkeleton() {
	return (
		<div aria-busy>
			<PageHeader title={<Skeleton className="h-7 w-64" />} />
			<div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
				<PanelSkeleton lines={9} className="h-96" />
				<PanelSkeleton lines={6} className="h-96" />
			</div>
		</div>
	);
}
