/** Under a table or comparison: where its runs were not made alike. */
export function MadeUnlike({ note }: { note: string | null }) {
	return note === null ? null : <p className="mt-2 text-xs text-ink-faint">{note}</p>;
}
