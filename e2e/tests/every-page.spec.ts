import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { everyPage, visit } from "../console/pages";
import { DATASET } from "../console/small-launch";
import { expect, test } from "../test";

const NARROW = { width: 390, height: 844 };
// Each page is loaded once; that its console stays free of errors is checked by `test` itself.
const PAGES = [
	"overview",
	"datasets",
	"dataset-statistics",
	"dataset-items",
	"dataset-shoppers",
	"launch",
	"runs",
	"run",
	"hosts",
	"host",
	"benchmark",
	"ablations",
	"figures",
	"slices",
	"compare",
	"inspector",
	"inspector-what-if",
];

for (const name of PAGES) {
	test(`${name}: no serious accessibility fault in light or dark, and no sideways scrolling on a phone`, async ({
		page,
		client,
	}) => {
		test.setTimeout(180_000);
		const pages = await everyPage(client, DATASET);
		expect(pages.map((each) => each.name)).toEqual(PAGES);
		const chosen = pages.find((each) => each.name === name);
		if (!chosen) throw new Error(`${name} is no page.`);
		await visit(page, chosen);
		await expectAccessible(page);
		await page.setViewportSize(NARROW);
		await expect
			.poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: "width of the narrow page" })
			.toBeLessThanOrEqual(NARROW.width);
	});
}

test.describe("signed out", () => {
	test.use({ signedIn: false });

	test("sign-in: no serious accessibility fault in light or dark", async ({ page }) => {
		await visit(page, { path: "/sign-in" });
		await expectAccessible(page);
	});
});

/** By the rules for WCAG 2.1 AA. */
async function expectAccessible(page: Page): Promise<void> {
	for (const colorScheme of ["light", "dark"] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${colorScheme}\\b`));
		const { violations } = await new AxeBuilder({ page })
			.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"])
			.analyze();
		const faults = violations
			.filter(({ impact }) => impact === "serious" || impact === "critical")
			.map(({ id, help, nodes }) => ({ id, help, where: nodes.slice(0, 5).map(({ html }) => html.slice(0, 240)) }));
		expect(faults, `accessibility in ${colorScheme}`).toEqual([]);
	}
}
