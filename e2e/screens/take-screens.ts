import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, type BrowserContextOptions, chromium } from "@playwright/test";
import { root } from "../../scripts/lib/paths.mjs";
import { launchOptions } from "../console/browser";
import { consoleClient } from "../console/console-client";
import { type ConsolePage, everyPage, visit } from "../console/pages";
import { findConsole } from "./find-console";

const HELP = `npm run screens: pictures of every page for docs/screens, in both themes, wide and some at 390 px.

Of the console that ATELIER_URL names, or of one that is started with the sample and a launch of its own (some minutes).`;

const FOLDER = join(root, "docs", "screens");
const THEMES = ["light", "dark"] as const;
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const ALSO_NARROW = new Set(["overview", "datasets", "launch", "runs", "run", "hosts", "benchmark", "inspector"]);

const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
if (values.help) {
	console.log(HELP);
	process.exit(0);
}

const found = await findConsole();
const browser = await chromium.launch(launchOptions());
try {
	const client = consoleClient(found);
	const pages = await everyPage(client, found.dataset);
	const session = await signIn(browser, (await client.session.signInLink.mutate()).url);
	mkdirSync(FOLDER, { recursive: true });
	for (const colorScheme of THEMES) {
		const shared = { baseURL: found.url, colorScheme, reducedMotion: "reduce" } as const;
		const signedIn = { ...shared, storageState: session };
		await take(browser, { ...shared, viewport: WIDE }, [{ name: "sign-in", path: "/sign-in" }], colorScheme);
		await take(browser, { ...signedIn, viewport: WIDE }, pages, colorScheme);
		const narrow = pages.filter(({ name }) => ALSO_NARROW.has(name));
		await take(browser, { ...signedIn, viewport: NARROW }, narrow, `${colorScheme}-narrow`);
	}
} finally {
	await browser.close();
	await found.stop();
}

async function signIn(browser: Browser, link: string) {
	const context = await browser.newContext();
	const page = await context.newPage();
	await page.goto(link);
	await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
	const session = await context.storageState();
	await context.close();
	return session;
}

/** Writes `<page>-<suffix>.png` for each page. */
async function take(browser: Browser, options: BrowserContextOptions, pages: readonly ConsolePage[], suffix: string) {
	const context = await browser.newContext(options);
	for (const each of pages) {
		const page = await context.newPage();
		await visit(page, each);
		const file = `${each.name}-${suffix}.png`;
		await page.screenshot({ path: join(FOLDER, file), animations: "disabled", caret: "hide" });
		console.log(`docs/screens/${file}`);
		await page.close();
	}
	await context.close();
}
