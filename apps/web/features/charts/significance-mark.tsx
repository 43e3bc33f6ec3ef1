import { significanceMark } from "@atelier/core";
import { formatP } from "@atelier/ui";

/** Stars as papers set them, `***` at .001 of the corrected p; read out as the p itself. */
export function SignificanceMark({ p }: { p: number }) {
	const mark = significanceMark(p);
	if (mark === "") return null;
	return (
		<>
			<sup aria-hidden className="ml-px">
				{mark}
			</sup>
			<span className="sr-only">, {formatP(p)}</span>
		</>
	);
}
