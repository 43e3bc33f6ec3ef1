import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { visit } from "../console/pages";
import { expect, test } from "../test";

test.describe("a path that is not there", () => {
	test.use({ expectedErrors: [/status of 400/] });

	test("is refused with its name, and what was typed stays", async ({ page }) => {
		await visit(page, { path: "/datasets" });
		await page.getByRole("button", { name: "Import dataset" }).click();
		const dialog = page.getByRole("dialog", { name: "Import a dataset" });
		await dialog.getByLabel("From").selectOption("there");
		await dialog.getByLabel("File or folder").fill("data/shop");
		await dialog.getByLabel("Group").fill("shops");
		await dialog.getByRole("button", { name: "Import shop" }).click();
		await expect(dialog.getByRole("alert")).toHaveText("Give the absolute path, as /data/shop.");

		await dialog.getByLabel("File or folder").fill("/nowhere/shop");
		await dialog.getByRole("button", { name: "Import shop" }).click();
		const alert = dialog.getByRole("alert");
		await expect(alert).toContainText("The import was not started.");
		await expect(alert).toContainText("/nowhere/shop is not below a folder that Atelier may read");
		await expect(dialog.getByLabel("File or folder")).toHaveValue("/nowhere/shop");
		await expect(dialog.getByLabel("Name")).toHaveValue("shop");
		await expect(dialog.getByLabel("Group")).toHaveValue("shops");
		await dialog.getByRole("button", { name: "Go back" }).click();
		await expect(page.getByRole("link", { name: "shop", exact: true })).toHaveCount(0);
	});
});

test("rows that do not fit are set aside with their line and the reason, and the rest is imported", async ({
	page,
}) => {
	const folder = mkdtempSync(join(tmpdir(), "atelier-e2e-log-"));
	try {
		const file = join(folder, "ratings.inter");
		const purchases = [1, 2, 3, 4, 5].flatMap((user) =>
			[1, 2, 3, 4, 5].map((item) => `u${user}\ti${item}\t${1_400_000_000 + user * 100 + item}`),
		);
		const rows = ["user_id:token\titem_id:token\ttimestamp:float", ...purchases];
		rows.splice(10, 0, "u9\ti9\tyesterday");
		writeFileSync(file, `${rows.join("\n")}\n`);

		await visit(page, { path: "/datasets" });
		await page.getByRole("button", { name: "Import dataset" }).click();
		const dialog = page.getByRole("dialog", { name: "Import a dataset" });
		await dialog.getByLabel("Format").selectOption("recbole");
		await dialog.getByLabel("Files to import").setInputFiles(file);
		await expect(dialog.getByRole("list", { name: "Chosen files" })).toContainText("ratings.inter");
		await dialog.getByRole("button", { name: "Import ratings" }).click();
		const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "ratings" }) });
		await expect(row.getByText("Ready")).toBeVisible({ timeout: 30_000 });

		await row.getByRole("link").click();
		await page.getByRole("tab", { name: /Quarantine/ }).click();
		const rejected = page.getByRole("tabpanel").getByRole("row").filter({ hasText: "yesterday" });
		await expect(rejected).toHaveCount(1);
		await expect(rejected).toContainText("11");
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
