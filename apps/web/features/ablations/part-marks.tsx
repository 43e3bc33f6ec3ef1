import type { PartState } from "./prepare-ablations";

const MARKS: Record<PartState, { mark: string; className: string }> = {
	"in place": { mark: "●", className: "text-ink-muted" },
	"taken out": { mark: "○", className: "text-ink" },
	exchanged: { mark: "◐", className: "text-ink" },
};

/** ● in place, ○ taken out, ◐ exchanged; said in words to those who cannot see it. */
export function PartMark({ state }: { state: PartState }) {
	const { mark, className } = MARKS[state];
	return (
		<span title={state} className={className}>
			<span aria-hidden>{mark}</span>
			<span className="sr-only">{state}</span>
		</span>
	);
}
