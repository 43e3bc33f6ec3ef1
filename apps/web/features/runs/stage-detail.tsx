"use client";
import { LOCAL_HOST, visibleLines } from "@atelier/core";
import { Badge, ErrorState, formatDuration, Panel, ProgressBar, StatusBadge, TabPanel, Tabs } from "@atelier/ui";
import { Server } from "lucide-react";
import { useProgressRate } from "~/features/progress/use-progress-rate";
import type { RunStage } from "./run-types";
import { STAGE_TABS, type StageTab } from "./run-view";
import { StageAway } from "./stage-away";
import { StageConfiguration } from "./stage-configuration";
import { StageCurves } from "./stage-curves";
import { StageLog } from "./stage-log";
import { StageResult } from "./stage-result";
import { stageNote, stageTitle } from "./stage-words";

const TAB_LABELS: Record<StageTab, string> = { progress: "Progress", log: "Log", configuration: "Configuration" };

export interface StageDetailProps {
	runId: string;
	stage: RunStage;
	tab: StageTab;
	onTab: (tab: StageTab) => void;
}

export function StageDetail({ runId, stage, tab, onTab }: StageDetailProps) {
	const rate = useProgressRate(stage.progress);
	const attempts = stage.attempts.length;
	const host = stage.attempts[0]?.host;
	return (
		<Panel
			title={stageTitle(stage.kind)}
			description={stageNote(stage.kind)}
			actions={
				<span className="flex flex-wrap items-center justify-end gap-2">
					{stage.reused ? <Badge title="Made by an earlier run; not run again.">reused</Badge> : null}
					{attempts > 1 ? <Badge title="Tries at this stage so far">attempt {attempts}</Badge> : null}
					{host && host !== LOCAL_HOST ? (
						<Badge icon={<Server aria-hidden />} title={whatOf(stage)}>
							{host}
						</Badge>
					) : null}
					{stage.durationMs === null ? null : (
						<span className="text-xs text-ink-faint tabular-nums">{formatDuration(stage.durationMs)}</span>
					)}
					<StatusBadge status={stage.status} />
				</span>
			}
		>
			<StageAway runId={runId} stage={stage} />
			{stage.progress ? (
				<ProgressBar
					className="mt-1 mb-3"
					label={stage.progress.step}
					done={stage.progress.done}
					total={stage.progress.total}
					unit={stage.progress.unit}
					{...rate}
				/>
			) : null}
			{stage.damage ? (
				<ErrorState
					className="mt-1 mb-3"
					title="What this stage had made is damaged."
					message={stage.damage}
					kept="Results that came of it before stay in the record."
					advice={
						stage.status === "queued" || stage.status === "running"
							? "It is being made again."
							: "It is made again by the next run that needs it, or when this run is retried."
					}
				/>
			) : null}
			{stage.error ? (
				<ErrorState
					className="mt-1 mb-3"
					title={stage.status === "failed" ? "This stage failed." : "An attempt at this stage failed."}
					message={stage.error && visibleLines(stage.error)}
					kept="Stages that are done stay; a retry goes on from here."
					advice="The log has what came before it."
					id={stage.attempts[0]?.id}
				/>
			) : null}
			<Tabs
				label="Views of the stage"
				items={STAGE_TABS.map((value) => ({ value, label: TAB_LABELS[value] }))}
				value={tab}
				onChange={onTab}
			>
				<TabPanel value="progress" className="space-y-6">
					<StageCurves stage={stage} />
					<StageResult result={stage.result} />
				</TabPanel>
				<TabPanel value="log">
					<StageLog stageKey={stage.key} />
				</TabPanel>
				<TabPanel value="configuration">
					<StageConfiguration stage={stage} />
				</TabPanel>
			</Tabs>
		</Panel>
	);
}

/** What it ran on, where its host has said so. */
function whatOf({ environment }: RunStage): string {
	return environment ? `Ran on ${environment.device}, ${environment.processor}` : "The host that it runs on";
}
