import { expect, test } from "../test";

/** What the router answers while Postgres is away (packages/api/test/record-away.test.ts has it from a real one). */
const AWAY = {
	status: 503,
	json: {
		error: {
			json: {
				message: "The record is restarting. Nothing is lost; try again in a few seconds.",
				code: -32_603,
				data: { code: "SERVICE_UNAVAILABLE", httpStatus: 503, appCode: "UNAVAILABLE", isRecordAway: true },
			},
		},
	},
};

// The browser notes each answer of 503.
test.use({ expectedErrors: [/503/] });

test("while the record is away a page says so, and it fills without a reload when it is back", async ({ page }) => {
	await page.goto("/datasets");
	await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
	let loads = 0;
	page.on("load", () => {
		loads += 1;
	});
	await page.route("**/api/trpc/**", (route) => route.fulfill(AWAY));
	await page.getByRole("link", { name: "Runs", exact: true }).first().click();
	const strip = page.getByRole("status").filter({ hasText: "The record is restarting." });
	await expect(strip).toContainText("Nothing is lost; this page tries again by itself.");
	await expect(page.getByText("Something went wrong")).toHaveCount(0);
	await page.unroute("**/api/trpc/**");
	await expect(strip).toHaveCount(0, { timeout: 15_000 });
	await expect(page.getByRole("heading", { level: 1, name: "Runs" })).toBeVisible();
	expect(loads).toBe(0);
});
