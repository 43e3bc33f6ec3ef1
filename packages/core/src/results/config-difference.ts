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
	return configDifferences([left, right]).map(({ path, values }) => ({ path, left: values[0], right: values[1] }));
}

export interface ConfigValues {
	path: string;
	/** One for each configuration, in their order; undefined where it has no such value. */
	values: unknown[];
}

/** The same of any number of configurations: the paths at which not all of them agree. */
export function configDifferences(configs: readonly unknown[]): ConfigValues[] {
	const sides = configs.map((config) => flattened(config));
	const paths = [...new Set(sides.flatMap((side) => [...side.keys()]))].sort();
	return paths.flatMap((path) => {
		const distinct = new Set(sides.map((side) => (side.has(path) ? canonicalJson(side.get(path) ?? null) : undefined)));
		return distinct.size < 2 ? [] : [{ path, values: sides.map((side) => side.get(path)) }];
	});
}

/** Values by path, as `--set` names them; a list counts as one value. */
export function flattened(value: unknown, path = "", found = new Map<string, unknown>()): Map<string, unknown> {
	if (typeof value === "object" && value !== null && !Array.isArray(value)) {
		for (const [name, inner] of Object.entries(value)) flattened(inner, path === "" ? name : `${path}.${name}`, found);
	} else found.set(path, value);
	return found;
}
