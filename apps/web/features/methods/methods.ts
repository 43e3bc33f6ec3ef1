import {
	findMethod,
	isOutside,
	type MarkerShape,
	METHODS,
	methodStyle,
	methodTitle,
	OUTSIDE_COLOURS,
	visibleText,
} from "@atelier/core";

export type { MarkerShape };

export interface MethodLook {
	title: string;
	/** What it is, in a few words; for hovers. */
	note: string;
	light: string;
	dark: string;
	marker: MarkerShape;
}

const OUTSIDE_NOTE = "run elsewhere, its results imported";

/** Look of a method; an unknown one is shown by its id in the controls' grey. */
export function methodLook(method: string): MethodLook {
	const { colour, marker } = methodStyle(method);
	const note = isOutside(method) ? OUTSIDE_NOTE : (findMethod(method)?.note ?? "");
	return { title: visibleText(methodTitle(method)), note, ...colour, marker };
}

/** CSS colour of a method in the current theme. */
export function methodColour(method: string): string {
	return `var(--method-${methodStyle(method).key})`;
}

/** The custom properties that {@link methodColour} names, for both themes; put once into the document's head. */
export function methodStyleSheet(): string {
	const block = (theme: "light" | "dark") =>
		[
			...METHODS.map(({ id, colour }) => `--method-${id}:${colour[theme]}`),
			...OUTSIDE_COLOURS.map((colour, place) => `--method-outside-${place}:${colour[theme]}`),
		].join(";");
	return `:root{${block("light")}}.dark{${block("dark")}}`;
}

/** What a table says beside a method that the paper does not compare; null for the paper's own. */
export function methodRole(method: string): { label: string; note: string } | null {
	const record = findMethod(method);
	if (record === undefined || record.inPaper) return null;
	switch (record.family) {
		case "ours":
			return { label: "beyond the paper", note: "Ours, not the paper's: no figure of it there." };
		case "control":
			return { label: "control", note: "A floor to beat; the paper has no such row." };
		case "id":
		case "text":
			return { label: "not in the paper", note: "The paper does not compare it." };
	}
}

const ORDER: readonly string[] = METHODS.map(({ id }) => id);

/** Place in a table and in drawing order: the paper's, an unknown one before ours, ours, then what comes from outside. */
export function methodPlace(method: string): number {
	if (isOutside(method)) return ORDER.length;
	const place = ORDER.indexOf(method);
	return place === -1 ? ORDER.indexOf("ours") - 0.5 : place;
}
