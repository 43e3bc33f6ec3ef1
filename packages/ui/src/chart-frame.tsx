import type { ReactNode } from "react";
import { Skeleton } from "./skeleton";

export interface ChartFrameProps {
	/** Says what is shown, as a phrase: `Training loss by step`. */
	title: string;
	/** Beside the title: a legend, a menu. */
	actions?: ReactNode;
	/** Pixels kept for the drawing, also while loading. */
	height: number;
	/** The one sentence under it, backed by the data. */
	caption?: ReactNode;
	state?: "loading" | "empty" | "ready";
	/** Shown in the drawing's place when there is nothing yet. */
	emptyText?: string;
	children: ReactNode;
}

/** Title, fixed height, caption: the same for every chart, so that nothing moves when data arrives. */
export function ChartFrame(props: ChartFrameProps) {
	const { title, actions, height, caption, state = "ready", emptyText = "Nothing to draw yet.", children } = props;
	return (
		<figure className="min-w-0">
			<div className="mb-2 flex items-baseline justify-between gap-2">
				<figcaption className="min-w-0 text-sm font-medium break-words">{title}</figcaption>
				{actions ? <span className="shrink-0">{actions}</span> : null}
			</div>
			<div style={{ height }} className="relative min-w-0 text-xs">
				{state === "loading" ? <Skeleton className="h-full w-full" /> : null}
				{state === "empty" ? (
					<p className="flex h-full items-center justify-center rounded-md border border-dashed text-sm text-ink-faint">
						{emptyText}
					</p>
				) : null}
				{state === "ready" ? children : null}
			</div>
			{caption ? <p className="mt-2 text-xs text-ink-faint">{caption}</p> : null}
		</figure>
	);
}
