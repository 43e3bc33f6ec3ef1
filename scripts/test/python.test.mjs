import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPython } from "../lib/python.mjs";

// Fakes: a machine does not hold a Python of each version, nor one without venv. They print what the real one prints for
// the probe, and nothing else of them is used.
describe.skipIf(process.platform === "win32")("the Python that is chosen", () => {
	/** @type {string} */
	let folder;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "atelier-python-"));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	/** @param {string} name @param {string} version @param {string} [missing] */
	function addPython(name, version, missing = "-") {
		const path = join(folder, name);
		writeFileSync(path, `#!/bin/sh\necho "${version} ${missing} ${path}"\n`);
		chmodSync(path, 0o755);
	}
	const find = (more = {}) => findPython({ env: { PATH: folder, ...more }, platform: "linux" });

	it("is the first that fits, though an older one comes first on the PATH", async () => {
		addPython("python3", "3 9 2");
		addPython("python3.12", "3 12 1");
		expect((await find()).version).toEqual([3, 12, 1]);
	});

	it("is refused when too old, by version and place", async () => {
		addPython("python3", "3 9 2");
		await expect(find()).rejects.toThrow(`found only 3.9.2 at ${join(folder, "python3")}`);
	});

	it("is refused when newer than the packages know", async () => {
		addPython("python3", "3 15 0");
		await expect(find()).rejects.toThrow(/needs Python 3\.11 to 3\.14, and found only 3\.15\.0/);
	});

	it("without venv is refused with the package that brings it", async () => {
		addPython("python3", "3 11 2", "ensurepip");
		await expect(find()).rejects.toThrow(/lacks ensurepip.*apt install python3\.11-venv/);
	});

	it("is asked for when there is none at all", async () => {
		await expect(find()).rejects.toThrow(/needs Python 3\.11 to 3\.14, and found none/);
	});

	it("is the named one, and a name that does not run is said to be wrong", async () => {
		addPython("python3", "3 12 0");
		addPython("mine", "3 13 0");
		expect((await find({ ATELIER_PYTHON: join(folder, "mine") })).version).toEqual([3, 13, 0]);
		await expect(find({ ATELIER_PYTHON: "/nowhere/python" })).rejects.toThrow("ATELIER_PYTHON=/nowhere/python is not");
	});
});
