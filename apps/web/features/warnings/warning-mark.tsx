import type { RunWarning } from "@atelier/core";
import { TriangleAlert } from "lucide-react";

/** Beside a figure that a note under the table warns of: the words on hover, and read out. */
export function WarningMark({ warnings }: { warnings: readonly RunWarning[] }) {
	if (warnings.length === 0) return null;
	const words = warnings.map(({ message }) => message).join("; ");
	return (
		<span title={words} className="inline-flex text-cancelled">
			<TriangleAlert aria-hidden className="size-3" />
			<span className="sr-only">Warning: {words}</span>
		</span>
	);
}
