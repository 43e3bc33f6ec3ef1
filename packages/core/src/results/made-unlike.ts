import type { StageEnvironment } from "../contracts";

/** One stage of a run: what made it. */
export interface Making {
	kind: string;
	revision: number;
	/** Null for attempts of older versions, which did not say. */
	environment: StageEnvironment | null;
}

/** What of the code that runs a kind is called: the trainer and the stages in TypeScript are two. */
const sideOf = ({ versions }: StageEnvironment): string => ("torch" in versions ? "the trainer" : "the worker");

/**
 * In one sentence, where runs that stand side by side were not made alike: by other revisions of a stage, other code,
 * other versions of a library or another kind of device. What makes no difference to a result, as the processor's name,
 * the number of threads or a commit that changed neither, is left out.
 *
 * @returns null where they were made alike as far as is known
 */
export function madeUnlike(makings: Iterable<Making>): string | null {
	const values = new Map<string, Set<string>>();
	const add = (what: string, value: string) => values.set(what, (values.get(what) ?? new Set()).add(value));
	for (const { kind, revision, environment } of makings) {
		add(`revisions of ${kind}`, String(revision));
		if (environment === null) continue;
		const side = sideOf(environment);
		add(`the code of ${side}`, environment.code);
		if (side === "the trainer") add("devices", environment.device);
		if (environment.engine !== undefined) add("what answers", environment.engine);
		for (const [library, version] of Object.entries(environment.versions)) add(`versions of ${library}`, version);
	}
	const parts = [...values]
		.filter(([, distinct]) => distinct.size > 1)
		.map(([what, distinct]) => `${what} (${[...distinct].sort().join(", ")})`);
	return parts.length === 0 ? null : `Not all runs shown were made alike; they differ in ${parts.join("; ")}.`;
}
