import { visibleText } from "@atelier/core";

/**
 * Text out of a log (a title, a query, an id), on one line: what cannot be seen is shown by an escape, and its reading
 * direction stays its own. Every page writes such text through this or `visibleText`.
 */
export function Shown({ children }: { children: string }) {
	return <bdi>{visibleText(children)}</bdi>;
}
