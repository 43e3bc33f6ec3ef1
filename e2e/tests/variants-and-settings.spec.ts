import { visit } from "../console/pages";
import { DATASET, OVERRIDES } from "../console/small-launch";
import { expect, test } from "../test";

// Each test launches what it reads: runs that share all but a few seconds of what the main job left.
const launched = `datasets=${DATASET}&set=${encodeURIComponent(OVERRIDES.join("\n"))}`;

test("variants of retrieval are launched without another fine-tune, and stand against the full method", async ({
	page,
}) => {
	test.setTimeout(120_000);
	await visit(page, { path: `/launch?suite=table3&${launched}` });
	const variants = page.getByRole("group", { name: "Variants" });
	for (const other of [/attributes$/, /memory$/, /generic/, /q\.p\.m\. & id emb\.$/, /pro\. a\.$/]) {
		const box = variants.getByRole("checkbox", { name: other });
		// Not `uncheck`: the box follows the URL, a moment after the click.
		await box.click();
		await expect(box).not.toBeChecked();
	}
	const launch = page.getByRole("button", { name: "Launch 3 runs" });
	await expect(launch).toBeEnabled();
	await expect(page.getByText("1 fine-tune (all reused)")).toBeVisible();
	await launch.click();
	await expect(page.getByRole("region", { name: "Runs" }).getByText("Succeeded")).toHaveCount(3, { timeout: 60_000 });

	await page.getByRole("link", { name: "Ablations" }).click();
	const table = page.getByRole("region", { name: "Ablations" });
	const row = table.getByRole("row").filter({ hasText: "w/o id embedding" });
	await expect(row.getByText("taken out")).toHaveCount(1);
	await row.getByRole("button", { name: /Recall@10 \d/ }).click();
	await expect(page).toHaveURL(/row=/);
	await expect(page.getByRole("dialog").getByText(/Paired over \d+ test shoppers/)).toBeVisible();
	await page.keyboard.press("Escape");

	const missing = page.getByRole("link", { name: `Launch 5 missing rows on ${DATASET}` });
	await missing.click();
	await expect(page).toHaveURL(/suite=table3.*variants=no-attributes/);
	await expect(page.getByRole("button", { name: "Launch 5 runs" })).toBeEnabled();
});

test("cold start and a share of the training sequences become charts that can be saved", async ({ page, client }) => {
	test.setTimeout(120_000);
	const set = Object.fromEntries(OVERRIDES.map((line) => line.split("="))) satisfies Record<string, string>;
	const numbers = Object.fromEntries(Object.entries(set).map(([name, value]) => [name, Number(value)]));
	const wanted = [
		{ suite: "figure4", methods: ["popularity", "memory", "ours"] },
		{ suite: "figure6", methods: ["popularity"], settings: ["low-resource(0.5)", "full"] },
	];
	const runIds: string[] = [];
	for (const launch of wanted) {
		const created = await client.launch.create.mutate({ ...launch, datasets: [DATASET], set: numbers });
		runIds.push(...created.runIds);
	}
	const statuses = () => Promise.all(runIds.map(async (id) => (await client.runs.get.query({ id })).status));
	await expect.poll(statuses, { timeout: 90_000 }).toEqual(runIds.map(() => "succeeded"));

	// By the page's former name, which links out there still have.
	await visit(page, { path: `/settings?dataset=${DATASET}` });
	await expect(page).toHaveURL(new RegExp(`/figures\\?dataset=${DATASET}$`));
	const cold = page.getByRole("region", { name: /^Cold start/ });
	await expect(cold.locator(".recharts-bar-rectangle")).toHaveCount(3);
	await expect(cold.getByText("undecided").or(cold.getByText("not measured")).first()).toBeVisible();
	const low = page.getByRole("region", { name: /^Low resource/ });
	await expect(low.locator(".recharts-line")).not.toHaveCount(0);
	await expect(
		page.getByRole("region", { name: /^Zero-shot/ }).getByText("Nothing measured in this setting yet"),
	).toBeVisible();

	await page.getByLabel("Metric").selectOption("ndcg@10");
	await expect(page).toHaveURL(/metric=ndcg/);
	for (const kind of ["SVG", "PNG", "CSV"]) {
		await cold.getByRole("button", { name: /^Export: NDCG@10/ }).click();
		const saved = page.waitForEvent("download");
		await page.getByRole("menuitem", { name: kind }).click();
		expect((await saved).suggestedFilename()).toBe(`figure4-${DATASET}-ndcg@10.${kind.toLowerCase()}`);
	}

	await page.getByRole("link", { name: "Overview" }).click();
	const figures = page.getByRole("listitem").filter({ hasText: /^Figure/ });
	await expect(figures.filter({ hasText: "cold start" })).toContainText("3 of 11 cells, 1 dataset");
	await expect(page.getByRole("link", { name: "Launch Figure 5" })).toBeVisible();
	await page.getByRole("link", { name: "Figure 6 low resource" }).click();
	await expect(low.locator(".recharts-line")).not.toHaveCount(0);
	await expect(low.getByRole("heading", { name: /^Low resource/ })).toBeInViewport();
});
