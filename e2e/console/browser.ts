import { existsSync } from "node:fs";
import { chromium, type LaunchOptions } from "@playwright/test";
import { env } from "../env";

const SYSTEM_CHROMIUM = "/usr/bin/chromium";

/** Playwright's own Chromium where it is installed, else the system's. */
export function launchOptions(): LaunchOptions {
	const executablePath = env.chromium ?? (existsSync(chromium.executablePath()) ? undefined : SYSTEM_CHROMIUM);
	return {
		executablePath,
		args: [
			// Containers give /dev/shm 64 MB, which Chromium fills.
			"--disable-dev-shm-usage",
			// Chromium refuses its sandbox as root, and only then.
			...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
		],
	};
}
