import { AppError } from "@atelier/core";

/**
 * What the record names an artifact by: its place in whichever store there is, so that an installation that is moved to
 * another folder, machine or bucket finds everything again. `datasets/ID` or `stages/KIND/KEY/ATTEMPT`.
 */
export type Ref = string;

export function datasetRef(datasetId: string): Ref {
	return `datasets/${datasetId}`;
}

export function attemptRef(kind: string, key: string, attemptId: string): Ref {
	return `stages/${kind}/${key}/${attemptId}`;
}

export type ParsedRef =
	| { of: "dataset"; datasetId: string }
	| { of: "attempt"; kind: string; key: string; attemptId: string };

/** @throws AppError INTERNAL for what names nothing within a store */
export function parseRef(ref: Ref): ParsedRef {
	const [first, ...rest] = ref.split("/");
	if (rest.every(isName)) {
		const [one, two, three] = rest;
		if (first === "datasets" && one !== undefined && rest.length === 1) return { of: "dataset", datasetId: one };
		if (first === "stages" && one !== undefined && two !== undefined && three !== undefined && rest.length === 3) {
			return { of: "attempt", kind: one, key: two, attemptId: three };
		}
	}
	throw new AppError("INTERNAL", `The record names "${ref}", which is no path within the store.`);
}

/** The document of an artifact that is written last: an artifact is whole exactly when it is there. */
export function sealOf(ref: Ref): "manifest.json" | "receipt.json" {
	return parseRef(ref).of === "dataset" ? "manifest.json" : "receipt.json";
}

/**
 * A file's name within its artifact, `/` between folders.
 *
 * @throws AppError BAD_DATA for one that leads out of it
 */
export function checkedName(name: string): string {
	if (name.split("/").every(isName)) return name;
	throw new AppError("BAD_DATA", `"${name}" is no name of a file within an artifact.`);
}

function isName(part: string): boolean {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it looks for.
	return part !== "" && part !== "." && part !== ".." && !/[\\\u0000-\u001f]/.test(part);
}
