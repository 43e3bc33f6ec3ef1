import { readFile } from "node:fs/promises";
import { env } from "../env";
import { expect, test } from "../test";
import { step } from "./page-parts";

const METHOD = "From elsewhere";

test("what a run ranked goes out as a file, comes in as an outside method, and is compared and inspected like any other", async ({
	page,
	client,
}) => {
	// What it adds to the tests of import, export and comparison takes CI's time; npm test runs it.
	test.skip(env.isShort);
	test.setTimeout(180_000);
	const { rows } = await client.runs.list.query({ method: ["memory"], status: ["succeeded"], limit: 1 });
	const [own] = rows;
	expect(own).toBeDefined();
	if (own === undefined) return;
	await page.goto(`/runs/${own.id}`);
	await page.getByRole("button", { name: "Export" }).click();
	const [saved] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("menuitem", { name: "CSV" }).click(),
	]);
	expect(saved.suggestedFilename()).toBe(`${own.dataset}-memory-${own.id.slice(0, 8)}.csv`);
	const ranks = await readFile(await saved.path());
	// As wide as the file, whose last columns are the data set's attributes.
	const columns = ranks.toString("utf8").split("\n", 1)[0]?.split(",").length ?? 0;
	const nobody = `nobody,,1,"[]",,false${",".repeat(Math.max(0, columns - 6))}\n`;

	await page.goto("/runs");
	await page.getByRole("button", { name: "Import a run" }).click();
	const dialog = page.getByRole("dialog", { name: "Import a run" });
	await dialog.getByLabel("Files to import").setInputFiles({
		...{ name: "ranks.csv", mimeType: "text/csv" },
		// One shopper of nobody's: nothing is imported while a row is wrong.
		buffer: Buffer.concat([ranks, Buffer.from(nobody)]),
	});
	await dialog.getByLabel("Dataset").selectOption(own.dataset);
	await dialog.getByLabel("Method").fill(METHOD);
	await dialog.getByLabel("Split of run").fill(own.id);
	await dialog.getByRole("button", { name: "Check file" }).click();
	const found = dialog.getByRole("region", { name: "What was found" });
	await expect(found).toContainText("Shoppers that the data set does not have", { timeout: 30_000 });
	await expect(found).toContainText("nobody");
	await expect(dialog.getByRole("button", { name: "Import run" })).toHaveCount(0);

	await dialog.getByLabel("Leave out rows of shoppers who are no test shoppers").check();
	await dialog.getByRole("button", { name: "Check again" }).click();
	await expect(found).toContainText("It can be imported", { timeout: 30_000 });
	await expect(found).toContainText("1 rows of the imported file are of no test shopper");
	await dialog.getByRole("button", { name: "Import run" }).click();

	await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/, { timeout: 30_000 });
	await expect(page.getByRole("heading", { level: 1 })).toContainText(`${METHOD} (outside) on ${own.dataset}`);
	await expect(page.getByRole("link", { name: "Inspect shoppers" })).toBeVisible({ timeout: 60_000 });
	const id = page.url().slice(-36);
	const metrics = async (run: string) => (await client.runs.get.query({ id: run })).slices;
	expect(await metrics(id)).toEqual(await metrics(own.id));

	await page.goto(`/compare?runs=${id},${own.id}`);
	await expect(page.getByRole("table").first()).toContainText(`${METHOD} (outside)`);
	await page.goto(`/inspector?run=${id}`);
	await page.getByRole("region", { name: "Shoppers" }).getByRole("listitem").getByRole("button").first().click();
	await expect(step(page, "What was bought")).toContainText(`${METHOD} (outside)`);

	// The tests after this one count runs and rows.
	await client.runs.remove.mutate({ ids: [id] });
	await page.goto("/benchmark");
	await expect(page.getByRole("region", { name: "Benchmark" })).not.toContainText(METHOD);
});
