import { findMethod, type MarkerShape, METHODS, type MethodRecord } from "@atelier/core";

export type { MarkerShape };

export interface MethodLook {
	title: string;
	/** What it is, in a few words; for hovers. */
	note: string;
	light: string;
	dark: string;
	marker: MarkerShape;
}

/** Look of a method; an unknown one is shown by its id in the controls' grey. */
export function methodLook(method: string): MethodLook {
	const { colour, marker } = styleOf(method);
	const { title, note } = findMethod(method) ?? { title: method, note: "" };
	return { title, note, ...colour, marker };
}

/** CSS colour of a method in the current theme. */
export function methodColour(method: string): string {
	return `var(--method-${styleOf(method).id})`;
}

function styleOf(method: string): MethodRecord {
	return findMethod(method) ?? METHODS[0];
}

/** The custom properties that {@link methodColour} names, for both themes; put once into the document's head. */
export function methodStyleSheet(): string {
	const block = (theme: "light" | "dark") =>
		METHODS.map(({ id, colour }) => `--method-${id}:${colour[theme]}`).join(";");
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

/** Place of a method in a table and in drawing order: the paper's, an unknown one before ours, ours last and on top. */
export function methodPlace(method: string): number {
	const place = ORDER.indexOf(method);
	return place === -1 ? ORDER.indexOf("ours") - 0.5 : place;
}
