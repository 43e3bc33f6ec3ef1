import { Panel } from "@atelier/ui";
import { TriangleAlert } from "lucide-react";
import type { DatasetDetail } from "./dataset-actions";
import { readingNotes } from "./prepare-reading";

/** What a person should look at before training on a log; nothing where there is nothing. */
export function ImportNotes({ dataset }: { dataset: DatasetDetail }) {
	const notes = readingNotes(dataset);
	if (notes.length === 0) return null;
	return (
		<Panel title="Worth a look before training">
			<ul className="space-y-1.5 text-sm">
				{notes.map((note) => (
					<li key={note} className="flex items-start gap-2">
						<TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
						<span>{note}</span>
					</li>
				))}
			</ul>
		</Panel>
	);
}
