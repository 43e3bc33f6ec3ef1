import { join } from "node:path";
import { sentenceFor } from "./failure.mjs";
import { home, root } from "./paths.mjs";
import { findPython } from "./python.mjs";
import { ensureEnvironment, pythonIn } from "./virtual-environment.mjs";

const environment = join(home, "venvs", "object-store");
const requirements = join(root, "scripts", "object-store", "requirements.txt");

export const objectStorePython = pythonIn(environment);

/**
 * Installs the object store (80 MB) that tests of buckets run against.
 * @returns {Promise<string | null>} null when it is there, else one sentence on why it cannot be had
 */
export async function installObjectStore() {
	try {
		// Its extended attributes and file locks are those of Linux and macOS.
		if (process.platform === "win32") return "OpenStack Swift does not run on Windows.";
		await ensureEnvironment({
			environment,
			python: findPython,
			// Only what needs no compiler: a machine that would build it has the tests skipped instead.
			installs: [{ args: ["--only-binary", ":all:", "-r", requirements], files: [requirements] }],
			purpose: "install the object store for the tests",
		});
		return null;
	} catch (error) {
		return sentenceFor(error);
	}
}
