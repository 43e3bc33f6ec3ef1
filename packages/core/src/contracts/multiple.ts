import { z } from "zod";

interface Multiple {
	field: string;
	of: string;
	/** How many times `of`; once where it is not said. */
	times?: number;
	/** The rule is asked of documents with these values alone. */
	when?: Record<string, string>;
}

/**
 * A rule between two fields: one is a whole multiple of the other. JSON Schema compares no fields with each other, so the
 * rule travels in the schema under a keyword of ours, `multiple`, which the trainer's validator knows.
 */
export function multiple(rule: Multiple) {
	const { field, of, times = 1, when = {} } = rule;
	const holds = (document: Record<string, unknown>): boolean => {
		const isAsked = Object.entries(when).every(([name, value]) => document[name] === value);
		return !isAsked || Number(document[field]) % (Number(document[of]) * times) === 0;
	};
	const unit = times === 1 ? of : `${times} times ${of}`;
	return {
		check: z.refine<Record<string, unknown>>(holds, { path: [field], error: `must be a multiple of ${unit}` }),
		meta: { multiple: rule },
	};
}
