import { visit } from "../console/pages";
import { DATASET } from "../console/small-launch";
import { expect, test } from "../test";

test("the command palette opens, finds and goes by keyboard alone", async ({ page }) => {
	await visit(page, { path: "/" });
	await page.keyboard.press("Control+k");
	const palette = page.getByRole("dialog", { name: "Jump to" });
	await expect(palette.getByRole("combobox")).toBeFocused();
	await page.keyboard.type("benchm");
	await page.keyboard.press("Enter");
	await expect(page).toHaveURL(/\/benchmark$/);

	await page.keyboard.press("Control+k");
	await page.keyboard.type(DATASET);
	await expect(palette.getByRole("option", { selected: true })).toContainText(DATASET);
	await page.keyboard.press("Enter");
	await expect(page).toHaveURL(new RegExp(`/datasets/${DATASET}$`));

	await page.keyboard.press("Control+k");
	await expect(palette).toBeVisible();
	await page.keyboard.press("Escape");
	await expect(palette).toBeHidden();
});

test("Tab reaches the content first, then every part of the frame", async ({ page }) => {
	await visit(page, { path: "/datasets" });
	await page.keyboard.press("Tab");
	await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
	await page.keyboard.press("Enter");
	await expect(page.locator("#content")).toBeFocused();

	await page.goto("/datasets");
	const wanted = new Set(["Overview", "Benchmark", "Inspector", "Datasets", "Launch", "Runs", "Theme"]);
	for (let presses = 0; presses < 20 && wanted.size > 0; presses += 1) {
		await page.keyboard.press("Tab");
		const focused = page.locator(":focus");
		wanted.delete((await focused.getAttribute("aria-label")) ?? (await focused.innerText()).trim());
	}
	expect([...wanted]).toEqual([]);
});

test("on a phone the navigation is a sheet that leads on and closes", async ({ page }) => {
	await page.setViewportSize({ width: 390, height: 844 });
	await visit(page, { path: "/" });
	await page.getByRole("button", { name: "Open navigation" }).click();
	const sheet = page.getByRole("dialog", { name: "Navigation" });
	await sheet.getByRole("link", { name: "Runs" }).click();
	await expect(page).toHaveURL(/\/runs$/);
	await expect(sheet).toBeHidden();
});
