import type { Locator, Page } from "@playwright/test";

/** A numbered step of the Inspector, by its title. */
export function step(within: Page | Locator, title: string): Locator {
	const page = "page" in within && typeof within.page === "function" ? within.page() : within;
	const heading = page.getByRole("heading", { level: 2, name: new RegExp(`^\\d+ ${title}`) });
	return within.locator("section:not([aria-label])").filter({ has: heading }).first();
}
