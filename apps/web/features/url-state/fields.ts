/** Parts that the codecs of pages are made of. Defaults are left out of the URL. */

export function readText(params: URLSearchParams, name: string): string {
	return params.get(name) ?? "";
}

export function readList(params: URLSearchParams, name: string): string[] {
	return [...new Set((params.get(name) ?? "").split(",").filter(Boolean))];
}

export function readChoice<Choice extends string>(
	params: URLSearchParams,
	name: string,
	choices: readonly Choice[],
	fallback: Choice,
): Choice {
	return choices.find((choice) => choice === params.get(name)) ?? fallback;
}

/** `name` ascending, `-name` descending. */
export interface Sort {
	by: string;
	descending: boolean;
}

export function readSort(params: URLSearchParams, name: string): Sort | null {
	const text = params.get(name);
	if (!text) return null;
	return text.startsWith("-") ? { by: text.slice(1), descending: true } : { by: text, descending: false };
}

export function writeSort(sort: Sort | null): string {
	return sort === null ? "" : `${sort.descending ? "-" : ""}${sort.by}`;
}

/** The entries that say something, in the order given. */
export function toParams(entries: Record<string, string | readonly string[] | null | undefined>): URLSearchParams {
	const params = new URLSearchParams();
	for (const [name, value] of Object.entries(entries)) {
		const text = typeof value === "string" ? value : (value?.join(",") ?? "");
		if (text !== "") params.set(name, text);
	}
	return params;
}
