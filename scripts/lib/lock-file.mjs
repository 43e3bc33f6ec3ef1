/**
 * Optional dependencies of locked packages that the lock itself lacks.
 *
 * @param {Record<string, { optionalDependencies?: Record<string, string> }>} packages `packages` of package-lock.json
 * @returns {{ wanted: string, by: string }[]}
 */
export function missingOptionalPackages(packages) {
	return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
		Object.keys(optionalDependencies)
			.filter((name) => !placesOf(name, path).some((place) => place in packages))
			.map((wanted) => ({ wanted, by: path || "the root package" })),
	);
}

/** Where Node looks for a package from another one's folder. @param {string} name @param {string} path */
function placesOf(name, path) {
	const places = [`node_modules/${name}`];
	const parts = path.split("/node_modules/");
	for (let length = 1; length <= parts.length; length += 1) {
		places.push(`${parts.slice(0, length).join("/node_modules/")}/node_modules/${name}`);
	}
	return places;
}
