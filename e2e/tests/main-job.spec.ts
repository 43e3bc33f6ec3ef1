import { readFileSync } from "node:fs";
import { DATASET, GROUP, METHODS, OVERRIDES, SHOPPERS } from "../console/small-launch";
import { expect, test } from "../test";
import { step } from "./page-parts";
import { readColumns } from "./read-benchmark";

// From the printed link to a recommendation changed live: each test goes on where the one before it ended.
test.describe.configure({ mode: "serial" });

test.describe("a first visit", () => {
	test.use({ signedIn: false });

	test("the link that npm start printed signs the browser in, and only once", async ({ page, console, browser }) => {
		await page.goto(console.link);
		await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();

		const other = await browser.newPage();
		await other.goto(console.link);
		await expect(other.getByRole("alert").filter({ hasText: "That link was used before" })).toBeVisible();
		await expect(other.getByText("npx atelier sign-in")).toBeVisible();
		await other.close();
	});

	test("a visitor without a session is sent to the sign-in page, whatever the address", async ({ page }) => {
		for (const path of ["/", "/datasets", "/inspector?run=1", "/runs/1"]) {
			await page.goto(path);
			await expect(page).toHaveURL(/\/sign-in/);
			await expect(page.getByRole("heading", { name: "Sign in with a one-time link" })).toBeVisible();
		}
	});
});

test("an empty console offers the sample, and every empty page says what comes first", async ({ page }) => {
	await page.goto("/");
	await expect(page.getByRole("button", { name: "Make sample data" })).toBeVisible();
	for (const [path, title] of [
		["/datasets", "No datasets yet"],
		["/launch", "There is nothing to launch on yet"],
		["/runs", "No runs yet"],
		["/benchmark", "Nothing measured yet"],
		["/ablations", "Nothing ablated yet"],
		["/inspector", "No run to inspect yet"],
	] as const) {
		await page.goto(path);
		await expect(page.getByText(title)).toBeVisible();
	}
});

test("the sample is made from the console, with its progress in view", async ({ page }) => {
	test.setTimeout(120_000);
	await page.goto("/datasets");
	await page.getByRole("button", { name: "Make sample data" }).click();
	const dialog = page.getByRole("dialog", { name: "Make sample data" });
	await dialog.getByLabel("Name").fill(GROUP);
	await dialog.getByLabel("Shoppers a category").fill(String(SHOPPERS));
	await dialog.getByRole("button", { name: "Make 4 datasets" }).click();
	await expect(dialog).toBeHidden();

	const rows = page.getByRole("row").filter({ has: page.getByRole("link", { name: new RegExp(`^${GROUP}-`) }) });
	await expect(rows).toHaveCount(4);
	const underWay = rows.getByRole("progressbar").or(rows.getByText("Waiting"));
	await expect(underWay.first()).toBeVisible();
	await expect(rows.getByText("Ready")).toHaveCount(4, { timeout: 90_000 });
	await expect(rows.getByText("synthetic")).toHaveCount(4);
});

test("a dataset shows its statistics, its items and one shopper's sequence", async ({ page }) => {
	await page.goto("/datasets");
	await page.getByRole("link", { name: DATASET }).click();
	await expect(page.getByRole("heading", { level: 1, name: DATASET })).toBeVisible();
	await expect(page.getByRole("table").getByRole("cell", { name: String(SHOPPERS), exact: true })).toBeVisible();

	await page.getByRole("tab", { name: "Items" }).click();
	const items = page.getByRole("region", { name: "Items" }).getByRole("row");
	const title = (await items.nth(1).getByRole("cell").nth(1).innerText()).split("\n")[0] ?? "";
	await page.getByRole("searchbox").fill(title);
	await expect(page).toHaveURL(/search=/);
	await expect(items.filter({ hasNotText: "Title" }).first()).toContainText(title);

	await page.getByRole("tab", { name: "Shoppers" }).click();
	const shopper = page.getByRole("region", { name: "Shoppers" }).getByRole("row").nth(1);
	const key = await shopper.getByRole("cell").first().innerText();
	const purchases = Number(await shopper.getByRole("cell").nth(3).innerText());
	await shopper.click();
	const sequence = page.getByRole("dialog", { name: `Shopper ${key}` });
	await expect(sequence.getByRole("list", { name: "The shopper's sequence" })).toBeVisible();
	await expect(sequence.getByText(/^Bought/)).toHaveCount(purchases);
});

test("a launch shows what it will run before anything runs", async ({ page, client }) => {
	await page.goto(`/datasets/${DATASET}`);
	await page.getByRole("link", { name: "Launch on it" }).click();
	await page.getByLabel("Suite").selectOption("table2");
	await page.getByLabel("Overrides").fill(OVERRIDES.join("\n"));

	const launch = page.getByRole("button", { name: `Launch ${METHODS.length} runs` });
	await expect(launch).toBeEnabled();
	const plan = page.getByRole("table");
	for (const stage of ["Split", "Encode queries", "Memory", "Fine-tune", "Generate", "Retrieve", "Baseline SASRec"]) {
		await expect(plan.locator("tbody").getByRole("row").filter({ hasText: stage }).first()).toContainText("To run");
	}
	await expect(plan.getByText("Reused")).toHaveCount(0);
	expect((await client.runs.list.query({})).total).toBe(0);

	await launch.click();
	await expect(page).toHaveURL(/\/runs\?launch=/);
	await expect(page.getByRole("region", { name: "Runs" }).getByRole("link")).toHaveCount(METHODS.length);
});

test("a run's page follows it: the loss appears while it trains, the figures when it ends", async ({ page }) => {
	test.setTimeout(300_000);
	await page.goto("/runs?method=ours");
	await page.getByRole("region", { name: "Runs" }).getByRole("link").first().click();
	await expect(page.getByText("live", { exact: true })).toBeVisible();

	// Neither is there at first, and the page is not loaded again.
	const loss = page.getByRole("figure").filter({ hasText: "Loss by step" }).locator(".recharts-line-curve");
	await expect(loss.first()).toBeVisible({ timeout: 240_000 });
	await expect(page.getByText("Running", { exact: true }).first()).toBeVisible();

	await expect(page.getByText("live", { exact: true })).toBeHidden({ timeout: 240_000 });
	await expect(page.getByRole("link", { name: "Inspect shoppers" })).toBeVisible();
	await expect(page.getByText(`${SHOPPERS} test shoppers`).or(page.getByText("Test shoppers")).first()).toBeVisible();
});

test("the benchmark holds every method's figures, the best of each column in bold", async ({ page }) => {
	test.setTimeout(120_000);
	await page.goto("/runs");
	const runs = page.getByRole("region", { name: "Runs" });
	await expect(runs.getByText("Succeeded")).toHaveCount(METHODS.length, { timeout: 90_000 });

	await page.getByRole("link", { name: "Benchmark" }).click();
	await expect(page.getByRole("region", { name: "Benchmark" })).toBeVisible();
	const columns = await readColumns(page, DATASET, METHODS);
	expect(columns.map(({ metric }) => metric)).toEqual(["recall@10", "ndcg@10", "mrr@10"]);
	for (const { cells } of columns) {
		const best = Math.max(...cells.map(({ value }) => value));
		expect(best).toBeGreaterThan(0);
		expect(cells.some(({ bold }) => bold)).toBe(true);
		for (const { value, bold } of cells) expect(bold && value < best, `${value} is bold beside ${best}`).toBe(false);
	}
});

test("the benchmark leads to a slice, a comparison of two runs, and a table for a paper", async ({ page }) => {
	test.setTimeout(120_000);
	await page.goto(`/benchmark?dataset=${DATASET}`);
	const slice = page.getByRole("combobox", { name: "Slice" });
	await slice.fill("histroy >= 1");
	await slice.press("Escape");
	await slice.press("Enter");
	await expect(page.getByRole("alert").filter({ hasText: "there is no attribute histroy" })).toBeVisible();
	await slice.fill("history >= 1");
	await slice.press("Escape");
	await slice.press("Enter");
	await expect(page).toHaveURL(/slice=history/);
	await page.getByLabel("Reference").selectOption("core");
	await page.getByLabel("Cutoff K").selectOption("20");
	const cell = page.locator(`button[aria-label^="SASRec on ${DATASET}, Recall@20 "]`);
	await expect(cell).toBeVisible({ timeout: 60_000 });
	await cell.click();
	const panel = page.getByRole("complementary", { name: `SASRec on ${DATASET}` });
	// The table stays in reach beside it.
	await expect(cell).toBeVisible();
	await panel.getByRole("link", { name: "Compare with CORE" }).click();

	await expect(page.getByRole("heading", { level: 1, name: "Compare" })).toBeVisible();
	const rows = page.getByRole("region", { name: "Compared runs" }).getByRole("row");
	await expect(rows.filter({ hasText: "SASRec" })).toContainText(/[+−]\d\.\d{3} to/, { timeout: 60_000 });
	await expect(page.getByRole("img", { name: /^Rank of the purchase in A and in B/ })).toBeVisible();
	await page.getByRole("button", { name: "Export", exact: true }).first().click();
	const saved = page.waitForEvent("download");
	await page.getByRole("menuitem", { name: "LaTeX" }).first().click();
	const file = await saved;
	expect(file.suggestedFilename()).toBe("comparison.tex");
	expect(readFileSync(await file.path(), "utf8")).toMatch(/\\begin\{tabular\}[\s\S]*A CORE[\s\S]*B SASRec/);
});

test("the inspector takes one shopper's recommendation apart", async ({ page }) => {
	await page.goto("/runs?method=ours");
	await page.getByRole("region", { name: "Runs" }).getByRole("link").first().click();
	await page.getByRole("link", { name: "Inspect shoppers" }).click();
	const shoppers = page.getByRole("region", { name: "Shoppers" }).getByRole("listitem").getByRole("button");
	await shoppers.nth(1).click();
	await expect(page).toHaveURL(/user=/);
	await expect(shoppers.nth(1)).toHaveAttribute("aria-current", "true");

	await expect(step(page, "History").getByRole("list")).not.toBeEmpty();
	await expect(step(page, "What was bought").getByRole("link")).toHaveCount(METHODS.length);
	const candidates = step(page, "Query-product memory").getByRole("list").last().getByRole("listitem");
	await expect(candidates.first()).toBeVisible();
	const offered = await step(page, "Prompt")
		.getByText(/^Candidate product ids:/)
		.innerText();
	await expect(candidates).toHaveCount(offered.split(",").length);
	await expect(step(page, "Generation")).toContainText("<id>");
	const lists = step(page, "Lists and their mixup").getByRole("list");
	await expect(lists).toHaveCount(3);
	await expect(lists.last().getByRole("listitem")).toHaveCount(10);
});

test("another query and a dropped event change the recommendation live", async ({ page }) => {
	test.setTimeout(180_000);
	await page.goto("/inspector");
	const whatIf = step(page, "What if");
	await whatIf.getByLabel("Last query").fill("blue travel backpack");
	await whatIf.getByRole("button", { name: "Recompute" }).click();
	await expect(whatIf.getByText("live", { exact: true })).toBeVisible({ timeout: 120_000 });
	await expect(whatIf).toContainText("searched “blue travel backpack”");
	await expect(whatIf.getByRole("list").first().getByRole("listitem")).toHaveCount(10);

	const live = page.getByRole("region", { name: "Live steps" });
	await live.getByRole("button", { name: /Show memory/ }).click();
	await expect(step(live, "Query-product memory")).toContainText("blue travel backpack");
	await expect(step(live, "Prompt")).toContainText("blue travel backpack");

	await page
		.getByRole("button", { name: /^Leave out: / })
		.first()
		.click();
	await expect(page.getByRole("button", { name: /^Restore: / })).toHaveCount(1);
	await whatIf.getByRole("button", { name: "Recompute" }).click();
	await expect(page).toHaveURL(/drop=/);
	await expect(whatIf).toContainText("1 event dropped", { timeout: 60_000 });
	await expect(whatIf.getByText("live", { exact: true })).toBeVisible();

	// What is shown is in the address.
	await page.reload();
	await expect(whatIf).toContainText("1 event dropped", { timeout: 60_000 });
	await whatIf.getByRole("button", { name: "Reset" }).click();
	await expect(page).not.toHaveURL(/drop=|query=/);
});
