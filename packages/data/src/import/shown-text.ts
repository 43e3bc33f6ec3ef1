import { visibleText } from "@atelier/core";

const LONGEST = 60;

/** A value out of a file for a message: one line, short, with nothing that a terminal obeys. */
export function shownText(value: string): string {
	const visible = visibleText(value);
	return visible.length > LONGEST ? `${Array.from(visible).slice(0, LONGEST).join("")}…` : visible;
}
