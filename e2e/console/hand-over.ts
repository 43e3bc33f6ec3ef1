import type { StartedConsole } from "./start-console";

export type ConsoleUnderTest = Pick<StartedConsole, "url" | "link" | "token">;

const NAMES = { url: "ATELIER_E2E_URL", link: "ATELIER_E2E_LINK", token: "ATELIER_E2E_TOKEN" } as const;

/** Playwright runs tests in processes of their own, which get what the global setup leaves in the environment. */
export function handOver({ url, link, token }: ConsoleUnderTest): void {
	process.env[NAMES.url] = url;
	process.env[NAMES.link] = link;
	process.env[NAMES.token] = token;
}

/** @throws Error in a process that the global setup did not run before */
export function consoleUnderTest(): ConsoleUnderTest {
	return { url: read(NAMES.url), link: read(NAMES.link), token: read(NAMES.token) };
}

function read(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set: these tests run under e2e/playwright.config.ts.`);
	return value;
}
