import type { Page } from "@playwright/test";
import type { ConsoleClient } from "./console-client";

/** A page of the console with something on it. */
export interface ConsolePage {
	/** Also the name of its picture. */
	name: string;
	path: string;
	/** Waits for what comes after the page's first data; a page is settled once nothing of it is busy. */
	open?: (page: Page) => Promise<void>;
}

/**
 * Every page, on a dataset and a launch that are there.
 * @throws Error when the dataset has no succeeded run of ours
 */
export async function everyPage(client: ConsoleClient, dataset: string): Promise<ConsolePage[]> {
	const ours = await newestRun(client, dataset, "ours");
	const other = await newestRun(client, dataset, "core");
	const shoppers = await client.datasets.shoppers.query({ name: dataset, limit: 50 });
	// One who searched, clicked and bought, and not for pages on end.
	const shopper = shoppers.rows.find(({ searches, clicks, purchases }) => searches > 2 && clicks > 2 && purchases > 2);
	const user = shopper?.userKey ?? shoppers.rows[0]?.userKey ?? "";
	const asked = await askedShoppers(client, ours);
	const at = `/datasets/${encodeURIComponent(dataset)}`;
	return [
		{ name: "overview", path: "/" },
		{ name: "datasets", path: "/datasets" },
		{ name: "dataset-statistics", path: at },
		{ name: "dataset-items", path: `${at}?tab=items` },
		{ name: "dataset-shoppers", path: `${at}?tab=shoppers&user=${encodeURIComponent(user)}` },
		{
			name: "launch",
			// Other settings than those of the runs that are there: some stages are reused, some are new.
			path: `/launch?suite=table2&datasets=${encodeURIComponent(dataset)}&set=${encodeURIComponent("memory.queries=3")}`,
			open: (page) => page.getByRole("button", { name: /^Launch \d+ runs$/ }).waitFor(),
		},
		{ name: "runs", path: "/runs" },
		{
			name: "run",
			path: `/runs/${ours}?stage=fine-tune`,
			open: (page) => page.getByRole("figure").locator(".recharts-surface").first().waitFor(),
		},
		{ name: "hosts", path: "/hosts" },
		{ name: "host", path: "/hosts?peek=local", open: (page) => page.getByRole("dialog", { name: "local" }).waitFor() },
		{
			name: "benchmark",
			path: `/benchmark?cell=${encodeURIComponent(dataset)}%2Fours`,
			// Beside the table, or over it on a phone.
			open: (page) =>
				page
					.getByRole("complementary", { name: / on / })
					.or(page.getByRole("dialog", { name: / on / }))
					.waitFor(),
		},
		{ name: "ablations", path: "/ablations" },
		{ name: "figures", path: "/figures" },
		{
			name: "slices",
			path: `/slices?dataset=${encodeURIComponent(dataset)}&by=history`,
			open: (page) => page.getByRole("region", { name: "Slices" }).waitFor({ timeout: 60_000 }),
		},
		{
			name: "compare",
			path: `/compare?runs=${other},${ours}`,
			open: (page) => page.getByRole("figure").locator("svg[data-drawing]").waitFor(),
		},
		{
			name: "inspector",
			path: `/inspector?run=${ours}&order=best&user=${encodeURIComponent(asked.user)}`,
			open: (page) => page.getByRole("heading", { name: /What if/ }).waitFor(),
		},
		{
			name: "inspector-what-if",
			path: `/inspector?run=${ours}&order=best&user=${encodeURIComponent(asked.user)}&query=${encodeURIComponent(asked.otherQuery)}`,
			open: async (page) => {
				await page.getByText("live", { exact: true }).first().waitFor({ timeout: 120_000 });
				// By the page itself and at once: a wheel's scrolling would still be under way when the picture is taken.
				await page.getByRole("heading", { name: /What if/ }).evaluate((heading) => {
					const top = heading.getBoundingClientRect().top + window.scrollY - 90;
					window.scrollTo({ top, behavior: "instant" });
				});
			},
		},
	];
}

/** A shopper whose purchase is on the final list and not its first, and what another one searched for. */
async function askedShoppers(client: ConsoleClient, run: string): Promise<{ user: string; otherQuery: string }> {
	const shoppers = await client.inspector.shoppers.query({ run, order: "best", limit: 200 });
	const searched = shoppers.filter(({ query }) => query !== null);
	const chosen = searched.find(({ rank }) => rank !== null && rank > 1 && rank <= 10) ?? searched[0];
	const other = searched.find(({ query }) => query !== chosen?.query);
	if (!chosen || !other) throw new Error(`Run ${run} has no two shoppers who searched for different things.`);
	return { user: chosen.user, otherQuery: other.query ?? "" };
}

/** Opens a page and waits until it has drawn what it has. */
export async function visit(page: Page, { path, open }: Pick<ConsolePage, "path" | "open">): Promise<void> {
	await page.goto(path);
	// An address with an open peek may hide the page behind it, its heading too, before this looks.
	await page.getByRole("heading", { level: 1, includeHidden: true }).waitFor();
	await open?.(page);
	await page.waitForFunction(() => document.querySelector("[aria-busy='true']") === null);
	await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** The newest of the whole method on all of the training data. @throws Error when there is none */
async function newestRun(client: ConsoleClient, dataset: string, method: string): Promise<string> {
	const { rows } = await client.runs.list.query({
		dataset: [dataset],
		method: [method],
		variant: ["full"],
		setting: ["full"],
		status: ["succeeded"],
	});
	const run = rows[0];
	if (!run) throw new Error(`No run of ${method} on ${dataset} has succeeded.`);
	return run.id;
}
