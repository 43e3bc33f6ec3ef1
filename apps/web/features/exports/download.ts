import { fileName } from "@atelier/core";

/** Hands a file to the browser to save. */
export function download(name: string, content: Blob | string, type = "text/plain"): void {
	const url = URL.createObjectURL(typeof content === "string" ? new Blob([content], { type }) : content);
	const link = document.createElement("a");
	link.href = url;
	link.download = fileName(name);
	link.click();
	URL.revokeObjectURL(url);
}
