import type { Page } from "@playwright/test";

const METRICS = ["recall@10", "ndcg@10", "mrr@10"];
const BOLD_FROM = 600;

export interface BenchmarkColumn {
	metric: string;
	cells: { method: string; value: number; bold: boolean }[];
}

/** The measured figures of one dataset as the page draws them. @throws Error when a cell is missing */
export function readColumns(page: Page, dataset: string, methods: readonly string[]): Promise<BenchmarkColumn[]> {
	return Promise.all(
		METRICS.map(async (metric) => ({
			metric,
			cells: await Promise.all(
				methods.map(async (method) => {
					const cell = page.getByRole("button", { name: `${method} on ${dataset}: ${metric}`, exact: true });
					const figure = cell.getByText(/^\d\.\d{2,3}$/);
					const weight = await figure.evaluate((element) => getComputedStyle(element).fontWeight);
					return { method, value: Number(await figure.innerText()), bold: Number(weight) >= BOLD_FROM };
				}),
			),
		})),
	);
}
