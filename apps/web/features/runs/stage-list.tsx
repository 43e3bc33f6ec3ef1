"use client";
import { Badge, cn, Elapsed, formatDuration, StatusIcon } from "@atelier/ui";
import Link from "next/link";
import type { RunStage } from "./run-types";
import { stageNote, stageTitle } from "./stage-words";

export interface StageListProps {
	stages: readonly RunStage[];
	/** Key of the one whose details are shown. */
	selectedKey?: string;
	href: (stage: RunStage) => string;
}

/** A run's stages in the order in which they run. */
export function StageList({ stages, selectedKey, href }: StageListProps) {
	return (
		<ol aria-label="Stages" className="overflow-hidden rounded-md border bg-surface">
			{stages.map((stage) => (
				<li key={stage.key} className="border-b last:border-b-0">
					<Link
						href={href(stage)}
						scroll={false}
						aria-current={stage.key === selectedKey ? "true" : undefined}
						title={stageNote(stage.kind)}
						className={cn(
							"relative flex h-10 items-center gap-2.5 px-3 text-sm outline-offset-[-2px] hover:bg-hover",
							stage.key === selectedKey && "bg-accent-soft hover:bg-accent-soft",
						)}
					>
						<StatusIcon status={stage.status} />
						<span className="min-w-0 flex-1 truncate">{stageTitle(stage.kind)}</span>
						{stage.goesOn ? (
							<Badge title="Another run needs it: it goes on for that one.">for another run</Badge>
						) : null}
						{stage.reused ? <Badge title="Made by an earlier run; not run again.">reused</Badge> : null}
						<span className="text-xs text-ink-faint tabular-nums">
							<StageTime stage={stage} />
						</span>
						{stage.progress ? (
							<span
								aria-hidden
								className="absolute bottom-0 left-0 h-0.5 bg-accent transition-[width] duration-150"
								style={{ width: `${Math.min(100, (stage.progress.done / stage.progress.total) * 100)}%` }}
							/>
						) : null}
					</Link>
				</li>
			))}
		</ol>
	);
}

function StageTime({ stage }: { stage: RunStage }) {
	if (stage.durationMs !== null) return formatDuration(stage.durationMs);
	if (stage.status === "running" && stage.startedAt) return <Elapsed from={stage.startedAt} />;
	return null;
}
