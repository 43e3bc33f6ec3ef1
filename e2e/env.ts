/** What the browser tests and the screenshots read from the environment; besides this only `hand-over.ts` touches it. */
export const env = {
	/** A console that runs already, for the screenshots; without it one is started. */
	consoleUrl: process.env.ATELIER_URL,
	/** Bearer token of that console; by default the one in its home. */
	cliToken: process.env.ATELIER_CLI_TOKEN,
	/** The Postgres that all tests of `npm test` share; without it one is started. */
	testDatabaseUrl: process.env.ATELIER_TEST_DATABASE_URL,
	/** Chromium to use in place of Playwright's own. */
	chromium: process.env.ATELIER_CHROMIUM,
	isCi: Boolean(process.env.CI),
	/** Without what CI has no time for. */
	isShort: process.env.ATELIER_SHORT_SUITES === "1",
	/** For child processes, which get everything that we have. */
	all: process.env,
};
