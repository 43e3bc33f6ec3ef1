import { hasHidden } from "./visible-text";

const LONGEST = 120;
/** Names that Windows keeps for devices, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * A name under which any system saves a file: no path, no hidden characters, no leading dot or dash, at most 120
 * characters with the ending kept. `name` may come from outside, such as a data set's name.
 */
export function fileName(name: string): string {
	const plain = Array.from(name, (character) => (hasHidden(character) ? "" : character))
		.join("")
		.replace(/[/\\:*?"<>|\s]+/gu, "-")
		.replace(/^[.-]+|[.-]+$/g, "")
		.replace(DEVICE, "_$&");
	if (plain === "") return "file";
	const characters = Array.from(plain);
	if (characters.length <= LONGEST) return plain;
	const ending = /\.[A-Za-z0-9]{1,10}(?:\.gz)?$/.exec(plain)?.[0] ?? "";
	return characters.slice(0, LONGEST - ending.length).join("") + ending;
}

/** The header `Content-Disposition` of a download (RFC 6266): an ASCII name for old readers beside the true one. */
export function attachmentHeader(name: string): string {
	const safe = fileName(name);
	const ascii = safe.replace(/[^\x20-\x7e]/gu, "_").replace(/[%';]/g, "_");
	const encoded = encodeURIComponent(safe).replace(
		/['()*]/g,
		(mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
	);
	return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
