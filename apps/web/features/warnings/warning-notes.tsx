import { type Warned, warningNotes } from "@atelier/core";

/** Under a table or figure: what its marked figures warn of, each once with its places. */
export function WarningNotes({ cells }: { cells: readonly Warned[] }) {
	const notes = warningNotes(cells);
	if (notes.length === 0) return null;
	return (
		<ul aria-label="Warnings" className="mt-2 space-y-0.5 text-xs text-cancelled">
			{notes.map((note) => (
				<li key={note}>{note}</li>
			))}
		</ul>
	);
}
