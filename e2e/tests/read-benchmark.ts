import { METHODS, METRIC_NAMES, METRIC_TITLES } from "@atelier/core";
import type { Page } from "@playwright/test";

const BOLD_FROM = 600;

export interface BenchmarkColumn {
	metric: string;
	cells: { method: string; value: number; bold: boolean }[];
}

/** The measured figures of one dataset as the page draws them. @throws Error when a cell is missing */
export function readColumns(page: Page, dataset: string, methods: readonly string[]): Promise<BenchmarkColumn[]> {
	return Promise.all(
		METRIC_NAMES.map(async (metric) => ({
			metric,
			cells: await Promise.all(
				methods.map(async (method) => {
					const title = METHODS.find(({ id }) => id === method)?.title ?? method;
					// The name goes on with the number and its place.
					const name = `${title} on ${dataset}, ${METRIC_TITLES[metric]} `;
					const cell = page.locator(`button[aria-label^="${name}"]`);
					const figure = cell.getByText(/^\d\.\d{2,3}$/);
					const weight = await figure.evaluate((element) => getComputedStyle(element).fontWeight);
					return { method, value: Number(await figure.innerText()), bold: Number(weight) >= BOLD_FROM };
				}),
			),
		})),
	);
}
