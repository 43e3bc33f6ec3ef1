import { Button } from "@atelier/ui";
import { RotateCcw, Sparkles } from "lucide-react";
import { describeWhatIf, type WhatIf } from "./inspector-view";

export interface WhatIfBarProps {
	whatIf: WhatIf;
	onRecompute: () => void;
	onReset: () => void;
}

/** Changes that are not recomputed yet, within reach wherever the page is scrolled to. */
export function WhatIfBar({ whatIf, onRecompute, onReset }: WhatIfBarProps) {
	return (
		<div
			role="status"
			className="sticky bottom-4 z-20 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border bg-raised px-3 py-2.5 shadow-float"
		>
			<p className="min-w-0 flex-1 basis-40 text-sm break-words">
				<span className="text-ink-muted">What if: </span>
				{describeWhatIf(whatIf)}
			</p>
			<div className="flex gap-2">
				<Button onClick={onReset}>
					<RotateCcw /> Reset
				</Button>
				<Button variant="primary" onClick={onRecompute}>
					<Sparkles /> Recompute
				</Button>
			</div>
		</div>
	);
}
