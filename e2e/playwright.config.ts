import { defineConfig, devices } from "@playwright/test";
import { launchOptions } from "./console/browser";
import { env } from "./env";

export default defineConfig({
	testDir: "tests",
	outputDir: "test-results",
	globalSetup: "./global-setup.ts",
	// One console, whose worker runs one launch after another: tests in parallel would wait for each other.
	workers: 1,
	forbidOnly: env.isCi,
	timeout: 60_000,
	expect: { timeout: 15_000 },
	reporter: "list",
	use: {
		...devices["Desktop Chrome"],
		channel: undefined,
		viewport: { width: 1440, height: 900 },
		launchOptions: launchOptions(),
		trace: "retain-on-failure",
		screenshot: "only-on-failure",
		video: "off",
	},
	projects: [
		{ name: "main job", testMatch: "main-job.spec.ts" },
		// These go on with the dataset and the runs that the main job leaves.
		{ name: "beside it", testIgnore: "main-job.spec.ts", dependencies: ["main job"] },
	],
});
