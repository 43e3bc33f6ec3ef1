import { join } from "node:path";
import { sentenceFor } from "./failure.mjs";
import { home, root } from "./paths.mjs";
import { findPython } from "./python.mjs";
import { ensureEnvironment, isInstalled, pythonIn } from "./virtual-environment.mjs";

const FILE = join(root, "packages", "trainer", "requirements-ray.txt");
const INSTALLS = [{ args: ["-r", FILE], files: [FILE] }];

/** Its own, since Ray pins what the trainer does not, and a host need not have the trainer beside it. */
export const rayEnvironment = join(home, "venvs", "ray");
export const rayPython = pythonIn(rayEnvironment);

export function isRayInstalled() {
	return isInstalled(rayEnvironment, INSTALLS);
}

/**
 * Installs Ray (about 400 MB) unless it is there.
 * @param {(message: string) => void} [onProgress]
 * @returns {Promise<string | null>} null when it is ready, else one sentence on why it is not
 */
export async function installRay(onProgress) {
	try {
		await ensureEnvironment({
			environment: rayEnvironment,
			python: findPython,
			installs: INSTALLS,
			purpose: "install Ray",
			...(onProgress && { onProgress }),
		});
		return null;
	} catch (error) {
		return sentenceFor(error);
	}
}
