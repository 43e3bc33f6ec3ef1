import { AppError } from "../errors";

/** What is wrong with the text of a slice. */
export interface SliceProblem {
	/** Where it is, from 0, and over how many characters. */
	position: number;
	length: number;
	message: string;
	/** What would do in its place, the likeliest first. */
	suggestions: string[];
}

/** The text of a slice cannot be read, or asks for what its data set has not. */
export class SliceError extends AppError {
	constructor(
		readonly text: string,
		readonly problem: SliceProblem,
	) {
		super("BAD_REQUEST", describeProblem(text, problem));
	}
}

function describeProblem(text: string, { position, length, message, suggestions }: SliceProblem): string {
	const did = suggestions.length === 0 ? "" : ` Perhaps ${suggestions.join(" or ")}.`;
	const shown = text.slice(Math.max(0, position - 20), position + Math.min(length, 40));
	const at = position >= text.length ? "at its end" : `at character ${position + 1} (${shown})`;
	return `The slice cannot be read ${at}: ${message}${did}`;
}
