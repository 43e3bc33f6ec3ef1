import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		projects: ["apps/*", "packages/*", "!packages/trainer", "scripts"],
		// Tests use a real Postgres and real processes, on machines with two cores.
		maxWorkers: 2,
		testTimeout: 30_000,
		hookTimeout: 120_000,
	},
});
