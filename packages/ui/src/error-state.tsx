import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./class-names";

export interface ErrorStateProps {
	/** What happened, as a sentence. */
	title: string;
	/** The error's own words. */
	message?: string | null;
	/** What was kept. */
	kept?: ReactNode;
	/** What to do about it. */
	advice?: ReactNode;
	/** Finds the entry in the log. */
	id?: string;
	actions?: ReactNode;
	className?: string;
}

export function ErrorState({ title, message, kept, advice, id, actions, className }: ErrorStateProps) {
	return (
		<div role="alert" className={cn("rounded-md border border-failed/30 bg-failed-soft p-4", className)}>
			<div className="flex items-start gap-3">
				<CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-failed" />
				<div className="min-w-0 flex-1 space-y-1.5 text-sm">
					<p className="font-medium text-failed">{title}</p>
					{message ? (
						<pre className="max-h-48 overflow-auto font-mono text-xs break-words whitespace-pre-wrap text-ink">
							{message}
						</pre>
					) : null}
					{kept ? <p className="text-ink-muted">{kept}</p> : null}
					{advice ? <p className="text-ink-muted">{advice}</p> : null}
					{id ? (
						<p className="text-xs text-ink-muted">
							Log id <code className="font-mono">{id}</code>
						</p>
					) : null}
					{actions ? <div className="flex flex-wrap gap-2 pt-1.5">{actions}</div> : null}
				</div>
			</div>
		</div>
	);
}
