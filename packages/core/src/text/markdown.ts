import { visibleText } from "./visible-text";

const ENTITIES: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };

/**
 * Text inside Markdown (GitHub's, as most readers have it) that reads as it is: no table cell, emphasis, code, formula,
 * link, image, HTML or entity comes of it. Addresses and mentions, which are linked without any mark, lose what makes
 * them one; brackets that make no link stay bare, so that tables of intervals can be read as they are.
 */
export function markdownText(text: string): string {
	return visibleText(text)
		.replace(/[\\`*_|~$<>&]|\](?=[([:])/g, (mark) => ENTITIES[mark] ?? `\\${mark}`)
		.replace(/(?<![\p{L}\p{N}])@|@(?=[\w-]+\.\w)/gu, "&#64;")
		.replace(/:(?=\/\/)/g, "&#58;")
		.replace(/\bwww\.(?=\S)/gi, (match) => `${match.slice(0, -1)}&#46;`)
		.replace(/^(?=(?:#{1,6}|[-+])\s|[-=]+\s*$)/, "\\")
		.replace(/^(\d{1,9})(?=[.)]\s)/, "$1\\");
}
