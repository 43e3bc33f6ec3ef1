import { Panel } from "@atelier/ui";
import type { ReactNode } from "react";
import type { CardWords } from "./prepare-words";

/** One characteristic: what the paper claims, what is measured here, and its charts. */
export function CharacteristicCard({
	words,
	children,
	className,
}: {
	words: CardWords;
	children: ReactNode;
	className?: string;
}) {
	return (
		<Panel title={words.title} className={className}>
			<dl className="mb-4 space-y-1 text-sm">
				<div className="flex gap-2">
					<dt className="w-14 shrink-0 text-ink-faint">Paper</dt>
					<dd className="text-ink-muted">{words.paper}</dd>
				</div>
				<div className="flex gap-2">
					<dt className="w-14 shrink-0 text-ink-faint">Here</dt>
					<dd className="tabular-nums">{words.here}</dd>
				</div>
			</dl>
			{children}
		</Panel>
	);
}
