"use client";
import {
	Badge,
	cn,
	EmptyState,
	ErrorState,
	formatBytes,
	formatCount,
	formatDuration,
	formatPlural,
	Missing,
	Panel,
	PanelSkeleton,
	Stat,
	StatRow,
	Table,
	Td,
	Th,
	Tr,
} from "@atelier/ui";
import { CircleDashed, Layers, ListChecks, LoaderCircle } from "lucide-react";
import Link from "next/link";
import { MethodMarker, methodLook } from "~/features/methods";
import { stageNote, stageTitle } from "~/features/runs/stage-words";
import { PlanSpending } from "./plan-spending";
import { describeKinds, groupPlan, type Plan, type PlanGroup, type PlanStage, sharedStages } from "./prepare-plan";
import { RepeatedNote } from "./repeated-note";

export interface LaunchPlanProps {
	plan: Plan | undefined;
	error: string | null;
	/** The plan shown belongs to an earlier choice, or is being worked out again. */
	stale: boolean;
	waiting: boolean;
}

export function LaunchPlan({ plan, error, stale, waiting }: LaunchPlanProps) {
	if (error) {
		return (
			<ErrorState
				title="This cannot be launched as it stands."
				message={error}
				advice="Change the choice that the message names; the plan follows."
			/>
		);
	}
	if (waiting) return <PanelSkeleton lines={10} className="h-[32rem]" />;
	if (plan === undefined) {
		return (
			<EmptyState icon={ListChecks} title="Choose at least one dataset">
				The plan then shows every stage: which are reused, which are shared between runs, which are new, and how long
				they should take from what was measured here.
			</EmptyState>
		);
	}
	const { totals } = plan;
	return (
		<div className={cn("min-w-0 space-y-5 transition-opacity duration-150", stale && "opacity-60")} aria-busy={stale}>
			<StatRow>
				<Stat label="Runs" value={formatCount(totals.runs)} />
				<Stat label="Stages to run" value={formatCount(totals.new)} />
				<Stat label="Stages reused" value={formatCount(totals.reused)} note="made by earlier runs" />
				<Stat label="Saved by sharing" value={formatCount(sharedStages(plan))} note="stages shared by runs" />
				<Stat
					label="One after another"
					value={totals.new === 0 ? "–" : totals.estimateMs === null ? "not known" : formatDuration(totals.estimateMs)}
					note={
						totals.new === 0
							? "nothing to run"
							: totals.estimateMs === null
								? "not all measured yet"
								: "as measured here"
					}
				/>
				<PlanSpending plan={plan} />
			</StatRow>
			{plan.refusals.length > 0 ? (
				<ErrorState
					title="Some of it can run nowhere."
					message={plan.refusals.join("\n")}
					advice={
						<>
							Choose another host, change the setting that the message names, or add a host on{" "}
							<Link href="/hosts" className="text-accent-strong underline">
								Hosts
							</Link>
							.
						</>
					}
				/>
			) : null}
			<RepeatedNote repeated={plan.repeated} runs={totals.runs} />
			<p className="text-sm text-ink-muted">
				For {formatPlural(totals.runs, "run")}: {describeKinds(plan).join(", ")}.
			</p>
			{plan.skipped.length > 0 ? (
				<ul className="space-y-1 rounded-md border px-3 py-2 text-sm text-ink-muted">
					{plan.skipped.map((reason) => (
						<li key={reason}>Left out: {reason}</li>
					))}
				</ul>
			) : null}
			{groupPlan(plan).map((group) => (
				<PlanGroupTable key={group.dataset} group={group} />
			))}
		</div>
	);
}

function PlanGroupTable({ group }: { group: PlanGroup }) {
	return (
		<Panel
			title={group.dataset}
			description={
				<>
					{group.runCount === 0 ? "Trained on for the others" : formatPlural(group.runCount, "run")}:{" "}
					{formatPlural(group.toRun, "stage")} to run, {group.reused} reused
					{group.runs.length > 0 ? (
						<span className="block text-xs text-ink-faint">{group.runs.join(" · ")}</span>
					) : null}
				</>
			}
			flush
		>
			<div className="relative overflow-x-auto">
				<Table>
					<thead>
						<tr>
							<Th pinned>Stage</Th>
							<Th>State</Th>
							<Th>Needed by</Th>
							<Th title="As hosts stand now, with the GPUs it holds">Runs on</Th>
							<Th title="What it is estimated to need at once, of what the host has: of a GPU where it holds one">
								Memory
							</Th>
							<Th numeric>Seed</Th>
							<Th numeric title="From stages of this kind measured here">
								Estimate
							</Th>
						</tr>
					</thead>
					<tbody>
						{group.stages.map((stage) => (
							<PlanRow key={stage.key} stage={stage} />
						))}
					</tbody>
				</Table>
			</div>
		</Panel>
	);
}

function PlanRow({ stage }: { stage: PlanStage }) {
	const words = stage.neededBy.map((method) => methodLook(method).title).join(", ");
	return (
		<Tr className={stage.status === "reused" ? "text-ink-faint" : undefined}>
			<Td pinned>
				<span className="whitespace-nowrap" title={stageNote(stage.kind)}>
					{stageTitle(stage.kind)}
					{typeof stage.params.model === "string" ? (
						<span className="text-ink-faint"> {methodLook(stage.params.model).title}</span>
					) : null}
				</span>
			</Td>
			<Td>
				<PlanState status={stage.status} />
			</Td>
			<Td>
				<span className="flex gap-1.5" title={words}>
					{stage.neededBy.map((method) => (
						<MethodMarker key={method} method={method} />
					))}
					<span className="sr-only">{words}</span>
					{stage.runs > stage.neededBy.length ? (
						<span className="text-xs text-ink-faint">{formatPlural(stage.runs, "run")}</span>
					) : null}
				</span>
			</Td>
			<Td className="whitespace-nowrap text-ink-muted">{whereOf(stage)}</Td>
			<Td className="whitespace-nowrap">{memoryOf(stage)}</Td>
			<Td numeric>{stage.seed === 0 ? <Missing reason="Its result does not depend on the seed." /> : stage.seed}</Td>
			<Td numeric>
				{stage.status === "reused" ? (
					<Missing reason="Nothing to run." />
				) : stage.estimateMs === null ? (
					<Missing reason="No stage of this kind was measured there yet." />
				) : (
					formatDuration(stage.estimateMs)
				)}
			</Td>
		</Tr>
	);
}

/** TypeScript stages run in the worker itself; where a stage can run nowhere the refusal above says why. */
function whereOf({ where, host, gpus, status }: PlanStage) {
	if (status === "reused") return <Missing reason="Nothing to run." />;
	if (where === "worker") return "worker";
	if (host === null) return <span className="text-failed">nowhere</span>;
	return gpus > 0 ? `${host}, ${formatPlural(gpus, "GPU")}` : host;
}

function memoryOf({ memory, status }: PlanStage) {
	if (status === "reused") return <Missing reason="Nothing to run." />;
	if (memory === null)
		return <Missing reason="Estimated for fine-tuning and answering, of base models that lie here." />;
	const { bytes, hostBytes, fitting } = memory;
	if (hostBytes === null) return formatBytes(bytes);
	const isTooLarge = bytes > hostBytes;
	return (
		<>
			<span className={isTooLarge ? "text-failed" : "text-ink-muted"}>
				{formatBytes(bytes)} of {formatBytes(hostBytes)}
			</span>
			{isTooLarge ? (
				<span className="block text-xs text-ink-muted">
					{fitting === null ? "No settings that are known would fit" : `${fitting} would fit`}
				</span>
			) : null}
		</>
	);
}

function PlanState({ status }: { status: PlanStage["status"] }) {
	switch (status) {
		case "reused":
			return (
				<Badge tone="good" icon={<Layers aria-hidden />} title="Made by an earlier run; not run again.">
					Reused
				</Badge>
			);
		case "under way":
			return (
				<Badge tone="accent" icon={<LoaderCircle aria-hidden />} title="Another run is making it right now.">
					Under way
				</Badge>
			);
		case "new":
			return <Badge icon={<CircleDashed aria-hidden />}>To run</Badge>;
	}
}
