import { canonicalJson } from "../planning";

export interface ConfigDifference {
	/** As `--set` takes it: `fineTune.epochs`. */
	path: string;
	/** Undefined where the side has no such value. */
	left: unknown;
	right: unknown;
}

/** The values in which two configurations differ, by path in alphabetical order; a list counts as one value. */
export function configDifference(left: unknown, right: unknown): ConfigDifference[] {
	const a = flattened(left);
	const b = flattened(right);
	return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((path) => {
		const sides = { left: a.get(path), right: b.get(path) };
		return canonicalJson(sides.left ?? null) === canonicalJson(sides.right ?? null) && a.has(path) === b.has(path)
			? []
			: [{ path, ...sides }];
	});
}

/** Values by path, as `--set` names them; a list counts as one value. */
export function flattened(value: unknown, path = "", found = new Map<string, unknown>()): Map<string, unknown> {
	if (typeof value === "object" && value !== null && !Array.isArray(value)) {
		for (const [name, inner] of Object.entries(value)) flattened(inner, path === "" ? name : `${path}.${name}`, found);
	} else found.set(path, value);
	return found;
}
