import { freePort } from "../../scripts/lib/ports.mjs";
import { fakeCluster } from "../console/fake-cluster";
import { visit } from "../console/pages";
import { expect, test } from "../test";

const HOST = "tour-gpu";

test.describe("a host that does not answer", () => {
	test.use({ expectedErrors: [/status of 503/] });

	test("is not added: the dialog says why, and keeps what was typed", async ({ page }) => {
		const address = `http://127.0.0.1:${await freePort()}`;
		await visit(page, { path: "/hosts" });
		await expect(page.getByText("No GPU host yet")).toBeVisible();
		await page.getByRole("button", { name: "Add host" }).click();
		const dialog = page.getByRole("dialog", { name: "Add a GPU host" });
		await dialog.getByLabel("Name").fill("GPU 1");
		await dialog.getByLabel("Address", { exact: true }).fill("gpu-1");
		await dialog.getByRole("button", { name: "Add host" }).click();
		await expect(dialog.getByRole("alert")).toHaveCount(2);

		await dialog.getByLabel("Name").fill(HOST);
		await dialog.getByLabel("Address", { exact: true }).fill(address);
		await dialog.getByLabel("Token").fill("not-the-token");
		await dialog.getByRole("button", { name: "Add host" }).click();
		await expect(dialog.getByRole("alert")).toContainText(`Host ${HOST} cannot be used, and was not added`);
		await expect(dialog.getByLabel("Address", { exact: true })).toHaveValue(address);
		await expect(dialog.getByLabel("Token")).toHaveValue("not-the-token");
		await dialog.getByRole("button", { name: "Go back" }).click();
		await expect(page.getByRole("region", { name: "Hosts" }).getByText(HOST)).toHaveCount(0);
	});
});

test("the worker's own machine is drained and resumed, and cannot be removed", async ({ page }) => {
	await visit(page, { path: "/hosts" });
	const table = page.getByRole("region", { name: "Hosts" });
	await table.getByText("local", { exact: true }).click();
	const peek = page.getByRole("dialog", { name: "local" });
	await expect(peek.getByRole("button", { name: "Remove" })).toHaveCount(0);
	await peek.getByRole("button", { name: "Drain" }).click();
	await expect(peek.getByText("Draining", { exact: true })).toBeVisible();
	await peek.getByRole("button", { name: "Resume" }).click();
	await expect(peek.getByText("Reachable", { exact: true })).toBeVisible();
});

test("a GPU host is added, shown with what it has, and removed after a question", async ({ page }) => {
	const cluster = await fakeCluster();
	try {
		await visit(page, { path: "/hosts" });
		await page.getByRole("button", { name: "Add host" }).click();
		const dialog = page.getByRole("dialog", { name: "Add a GPU host" });
		await dialog.getByLabel("Name").fill(HOST);
		await dialog.getByLabel("Address", { exact: true }).fill(cluster.address);
		await dialog.getByLabel("Price an hour").fill("2.50");
		await dialog.getByRole("button", { name: "Add host" }).click();
		await expect(dialog).toBeHidden();
		const row = page.getByRole("region", { name: "Hosts" }).getByRole("row").filter({ hasText: HOST });
		await expect(row).toContainText("2 × GPU");
		await expect(row).toContainText("2.50");
		await expect(page.getByText("No GPU host yet")).toHaveCount(0);

		await row.getByText(HOST).click();
		const peek = page.getByRole("dialog", { name: HOST });
		await peek.getByRole("button", { name: "Remove" }).click();
		const question = page.getByRole("dialog", { name: `Remove ${HOST}?` });
		await expect(question).toContainText("Nothing runs there or waits for it.");
		await question.getByRole("button", { name: "Keep host" }).click();
		await expect(peek).toBeVisible();
		await peek.getByRole("button", { name: "Remove" }).click();
		await question.getByRole("button", { name: "Remove host" }).click();
		await expect(peek).toBeHidden();
		await expect(page.getByText("No GPU host yet")).toBeVisible();
		await expect(row).toHaveCount(0);
	} finally {
		await cluster.close();
	}
});
