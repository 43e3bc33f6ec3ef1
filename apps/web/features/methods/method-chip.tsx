import { findMethod } from "@atelier/core";
import { cn } from "@atelier/ui";
import { MethodMarker } from "./method-marker";
import { methodLook } from "./methods";
import { variantLabel } from "./run-name";

export interface MethodChipProps {
	method: string;
	/** Variant name; `full` is the method as it stands and is not said. */
	variant?: string;
	className?: string;
}

/** Marker and title of a method, the same in every table and legend. */
export function MethodChip({ method, variant = "full", className }: MethodChipProps) {
	const look = methodLook(method);
	return (
		<span
			className={cn("inline-flex items-center gap-1.5 align-middle whitespace-nowrap", className)}
			title={look.note || undefined}
		>
			<MethodMarker method={method} />
			<span className={findMethod(method)?.family === "ours" ? "font-medium" : undefined}>{look.title}</span>
			{variant === "full" ? null : <span className="text-ink-muted">{variantLabel(variant)}</span>}
		</span>
	);
}
