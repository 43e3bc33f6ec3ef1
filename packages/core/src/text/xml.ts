import { visibleText } from "./visible-text";

const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

/** Text inside XML, as content or as an attribute's value. Control characters, which XML forbids even escaped, are shown. */
export function xmlText(text: string): string {
	return visibleText(text).replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);
}
