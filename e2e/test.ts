import { test as base, expect } from "@playwright/test";
import { type ConsoleClient, consoleClient } from "./console/console-client";
import { type ConsoleUnderTest, consoleUnderTest } from "./console/hand-over";

interface Fixtures {
	/** Console errors that a test provokes; any other one fails it. */
	expectedErrors: RegExp[];
	/** False for a browser that nobody has signed in yet. */
	signedIn: boolean;
}

interface WorkerFixtures {
	console: ConsoleUnderTest;
	/** For what a test needs to be there or wants to know, besides what it does in the browser. */
	client: ConsoleClient;
	/** Cookies of a signed-in browser. */
	session: Awaited<ReturnType<import("@playwright/test").BrowserContext["storageState"]>>;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
	expectedErrors: [[], { option: true }],
	signedIn: [true, { option: true }],
	// biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs off its pattern
	console: [async ({}, use) => use(consoleUnderTest()), { scope: "worker" }],
	client: [async ({ console }, use) => use(consoleClient(console)), { scope: "worker" }],
	session: [
		async ({ browser, client }, use) => {
			const { url } = await client.session.signInLink.mutate();
			const context = await browser.newContext();
			const page = await context.newPage();
			await page.goto(url);
			await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
			const state = await context.storageState();
			await context.close();
			await use(state);
		},
		{ scope: "worker" },
	],
	storageState: async ({ signedIn, session }, use) => use(signedIn ? session : undefined),
	baseURL: async ({ console }, use) => use(console.url),
	page: async ({ page, expectedErrors }, use) => {
		const errors: string[] = [];
		page.on("pageerror", (error) => errors.push(error.message));
		page.on("console", (message) => {
			if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
		});
		await use(page);
		const unexpected = errors.filter((text) => !expectedErrors.some((expected) => expected.test(text)));
		expect(unexpected, "errors on the browser's console").toEqual([]);
	},
});

export { expect };
