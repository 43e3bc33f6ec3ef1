/** What to do about rows that were rejected for a reason; empty where the reason says it. */
export function adviceFor(reason: string): string {
	if (reason.startsWith("invalid UTF-8")) {
		return ' Where the text is in another encoding, name it: --encoding windows-1252, or encoding: "windows-1252" in a mapping.';
	}
	if (reason === "text after a closing quote" || reason === "a quoted field is not closed") {
		return ' Where \\" stands for a quote, write escape: "\\" in a mapping; where quotes mean nothing, quotes: false.';
	}
	if (reason === "too few fields" || reason === "too many fields") {
		return " Where the file has another separator, or no quotes, a mapping says so: delimiter, quotes.";
	}
	return "";
}
