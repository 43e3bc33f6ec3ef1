import { CopyButton, formatAbsoluteTime, formatDuration, RelativeTime, StatusBadge } from "@atelier/ui";
import Link from "next/link";
import type { RunStage } from "./run-types";

type Attempt = RunStage["attempts"][number];

/** Every try at a stage, newest first: where it ran, on what, and what the host knows it by. */
export function StageAttempts({ attempts }: Pick<RunStage, "attempts">) {
	return (
		<ol className="divide-y rounded-md border text-sm">
			{attempts.map((attempt) => (
				<li key={attempt.id} className="space-y-1 px-3 py-2">
					<div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
						<span className="font-medium" title={attempt.id}>
							{attempt.number}. {formatAbsoluteTime(attempt.startedAt)}
						</span>
						<StatusBadge
							status={attempt.status}
							title={attempt.damage ?? attempt.suspicion ?? attempt.error ?? undefined}
						/>
					</div>
					<p className="text-xs text-ink-muted">
						<Link
							href={`/hosts?peek=${encodeURIComponent(attempt.host)}`}
							className="text-accent-strong hover:underline"
						>
							{attempt.host}
						</Link>
						{ranOn(attempt)}
						{attempt.finishedAt
							? `, ${formatDuration(attempt.finishedAt.getTime() - attempt.startedAt.getTime())}`
							: null}
						{attempt.exitCode ? `, exit code ${attempt.exitCode}` : null}
					</p>
					{attempt.unreachableSince ? (
						<p className="text-xs text-failed">
							Its host has not answered since <RelativeTime at={attempt.unreachableSince} />.
						</p>
					) : null}
					{attempt.handle ? (
						<p className="flex items-center gap-1 font-mono text-xs text-ink-faint">
							<span className="min-w-0 truncate" title={attempt.handle}>
								{attempt.handle}
							</span>
							<CopyButton text={attempt.handle} label={`Copy the handle of attempt ${attempt.number}`} />
						</p>
					) : null}
				</li>
			))}
		</ol>
	);
}

/** `, cuda (NVIDIA A100), 2 GPUs`, as far as the attempt says it. */
function ranOn({ environment, gpus }: Attempt): string {
	const device = environment ? `, ${environment.device} (${environment.processor})` : "";
	return gpus > 0 ? `${device}, ${gpus === 1 ? "1 GPU" : `${gpus} GPUs`}` : device;
}
