import { compact1 } from "./compact-1";
import type { PromptTemplate } from "./template";

/**
 * `compact-1` for long histories: of what was clicked or bought, what answers the last search stays, however old, and
 * all of it with its id, so that it can be named.
 */
export const compact2: PromptTemplate = {
	...compact1,
	id: "compact-2",
	keeps: "matching",
	fullProducts: Number.POSITIVE_INFINITY,
};
