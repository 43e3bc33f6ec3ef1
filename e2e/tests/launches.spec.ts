import { visit } from "../console/pages";
import { DATASET, METHODS, OVERRIDES } from "../console/small-launch";
import { expect, test } from "../test";

test("launched again, the same suite reuses every stage and gives the same figures", async ({ page, client }) => {
	const set = encodeURIComponent(OVERRIDES.join("\n"));
	const path = `/launch?suite=table2&datasets=${DATASET}&set=${set}`;
	await visit(page, { path });
	const launch = page.getByRole("button", { name: `Launch ${METHODS.length} runs` });
	await expect(launch).toBeEnabled();
	const plan = page.getByRole("table");
	await expect(plan.getByText("Reused").first()).toBeVisible();
	await expect(plan.getByText("To run", { exact: true })).toHaveCount(0);

	await launch.click();
	await expect(page).toHaveURL(/\/runs\?launch=/);
	const runs = page.getByRole("region", { name: "Runs" });
	await expect(runs.getByText("Succeeded")).toHaveCount(METHODS.length, { timeout: 30_000 });
	await expect(runs.getByText("reused")).toHaveCount(METHODS.length);

	for (const method of METHODS) {
		const { rows } = await client.runs.list.query({ dataset: [DATASET], method: [method] });
		const [again, before] = rows;
		expect(again?.metrics["recall@10"]?.value).toBeGreaterThanOrEqual(0);
		expect(again?.metrics).toEqual(before?.metrics);
	}
	await runs.getByRole("link").last().click();
	const stages = page.getByRole("list", { name: "Stages" }).getByRole("listitem");
	await expect(stages.first()).toBeVisible();
	await expect(stages.getByText("reused")).toHaveCount(await stages.count());
});

test.describe("settings that no preset has", () => {
	test.use({ expectedErrors: [/status of 400/] });

	test("are refused by name before anything is launched", async ({ page }) => {
		await visit(page, { path: `/launch?suite=table2&datasets=${DATASET}` });
		await page.getByLabel("Overrides").fill("fineTune.epochz=2");
		await expect(page.getByRole("alert").filter({ hasText: "epochz" })).toBeVisible();
		await expect(page.getByRole("button", { name: /^Launch/ })).toBeDisabled();
		await expect(page.getByLabel("Overrides")).toHaveValue("fineTune.epochz=2");
	});
});

test("a run that is cancelled stops, keeps what is done and can be retried", async ({ page, client }) => {
	test.setTimeout(120_000);
	const { runIds } = await client.launch.create.mutate({
		suite: "table2",
		datasets: [DATASET],
		methods: ["sasrec"],
		set: { "baselines.sasrec.maxEpochs": 100_000, "baselines.sasrec.patience": 100_000 },
	});
	await page.goto(`/runs/${runIds[0]}`);
	// Not before it trains: what is queued is cancelled by the queue alone.
	await expect(page.locator(".recharts-line-curve").first()).toBeVisible({ timeout: 60_000 });
	await page.getByRole("button", { name: "Cancel run" }).click();
	const dialog = page.getByRole("dialog", { name: "Cancel this run?" });
	await expect(dialog).toContainText("stages are done and stay");
	await dialog.getByRole("button", { name: "Cancel run" }).click();

	await expect(page.getByText("Cancelled", { exact: true }).first()).toBeVisible({ timeout: 30_000 });
	await expect(page.getByRole("button", { name: "Retry run" })).toBeVisible();
	await expect(page.getByRole("list", { name: "Stages" }).getByRole("listitem").first()).toContainText("Succeeded");
	await expect(page.getByText("live", { exact: true })).toBeHidden();
});
