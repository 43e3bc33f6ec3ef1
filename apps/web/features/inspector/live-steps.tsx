"use client";
import { Badge, Button } from "@atelier/ui";
import { ChevronDown, ChevronRight, Radio } from "lucide-react";
import { useState } from "react";
import { MethodSteps, type MethodStepsProps } from "./method-steps";

/** The steps behind a live recommendation, opened on demand and framed so that they are not taken for the stored ones. */
export function LiveSteps(props: MethodStepsProps) {
	const [open, setOpen] = useState(false);
	return (
		<section aria-label="Live steps" className="min-w-0 space-y-4 border-l-2 border-accent pl-3 sm:pl-4">
			<p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm text-ink-muted">
				<Badge tone="accent" icon={<Radio aria-hidden />}>
					live
				</Badge>
				<Button variant="quiet" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
					{open ? <ChevronDown /> : <ChevronRight />}{" "}
					{open ? "Hide the live steps" : "Show memory, prompt, generation and lists"}
				</Button>
			</p>
			{open ? <MethodSteps {...props} /> : null}
		</section>
	);
}
