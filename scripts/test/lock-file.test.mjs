import { expect, it } from "vitest";
import { missingOptionalPackages } from "../lib/lock-file.mjs";

it("an optional package that the lock lacks is named, with who wants it", () => {
	const packages = {
		"": {},
		"node_modules/turbo": { optionalDependencies: { "@turbo/linux-64": "1.0.0", "@turbo/windows-64": "1.0.0" } },
		"node_modules/@turbo/linux-64": {},
	};
	expect(missingOptionalPackages(packages)).toEqual([{ wanted: "@turbo/windows-64", by: "node_modules/turbo" }]);
});

it("an optional package that stands below its parent, or beside it, counts as there", () => {
	const packages = {
		"node_modules/a": { optionalDependencies: { nested: "1" } },
		"node_modules/a/node_modules/nested": {},
		"node_modules/a/node_modules/b": { optionalDependencies: { nested: "1" } },
	};
	expect(missingOptionalPackages(packages)).toEqual([]);
});
