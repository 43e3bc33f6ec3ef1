import { Select } from "@atelier/ui";
import { CUTOFFS, cutoffText } from "./cutoff";

export interface CutoffSelectProps {
	/** Null for the runs' own. */
	k: number | null;
	/** What the lists that are stored allow at most; null while that is not known. */
	depth: number | null;
	onCutoff: (k: number | null) => void;
}

/** K: the runs' own, or another that their stored lists reach. */
export function CutoffSelect({ k, depth, onCutoff }: CutoffSelectProps) {
	const offered = [...new Set([...CUTOFFS, ...(k === null ? [] : [k])])].sort((a, b) => a - b);
	return (
		<Select
			aria-label="Cutoff K"
			className="w-40"
			value={cutoffText(k)}
			onChange={({ target }) => onCutoff(target.value === "" ? null : Number(target.value))}
		>
			<option value="">K as evaluated</option>
			{offered.map((one) => (
				<option key={one} value={one} disabled={depth !== null && one > depth}>
					{`K = ${one}`}
				</option>
			))}
		</Select>
	);
}
