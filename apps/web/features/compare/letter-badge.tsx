import { letterOf } from "@atelier/core";
import { cn } from "@atelier/ui";

/** The letter that a compared run goes by; the reference's is filled. */
export function LetterBadge({ place, className }: { place: number; className?: string }) {
	return (
		<span
			className={cn(
				"inline-flex size-5 shrink-0 items-center justify-center rounded-sm border text-xs font-medium",
				place === 0 ? "border-transparent bg-ink text-canvas" : "border-line-strong text-ink-muted",
				className,
			)}
		>
			{letterOf(place)}
		</span>
	);
}
