import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";

const SYSTEM = [
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * A Chromium for the browser tests: the one that `ATELIER_CHROMIUM` names, Playwright's own, the system's; on Debian as
 * root it is installed.
 *
 * @returns {Promise<{ executable: string, why: "" } | { executable: null, why: string }>}
 */
export async function findChromium() {
	const executable = await installed();
	if (executable) return { executable, why: "" };
	if (existsSync("/etc/debian_version") && process.getuid?.() === 0) {
		console.log("Installing Chromium for the browser tests (apt-get install chromium) …");
		const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
		const { code } = await run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { env });
		if (code !== 0) {
			await run("apt-get", ["update"], { env });
			await run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { env });
		}
		const now = await installed();
		if (now) return { executable: now, why: "" };
	}
	return { executable: null, why: "no Chromium was found; install it with `npx playwright install chromium`." };
}

async function installed() {
	const { chromium } = await import(pathToFileURL(join(root, "node_modules/@playwright/test/index.mjs")).href);
	const own = chromium.executablePath();
	return [process.env.ATELIER_CHROMIUM, own, ...SYSTEM].find((path) => path && existsSync(path)) ?? null;
}
