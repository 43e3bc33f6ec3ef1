import type { Client } from "../client";
import { print, printTable } from "../output";

interface GridRun {
	id: string;
	dataset: string;
	method: string;
	variant: string;
	status: string;
}

/** A run of a grid is called by its values. */
export const isGridRun = ({ variant }: Pick<GridRun, "variant">) => variant.includes("=");

const METRIC = "valid ndcg@10";

/**
 * The points of a hyperparameter search, best on validation first, and the words that launch with the best of each
 * dataset and method. Test figures are left out on purpose: they must not choose.
 */
export async function printGridReport(client: Client, runs: readonly GridRun[]): Promise<void> {
	const points = await Promise.all(
		runs.map(async (run) => {
			const { stages } = await client.runs.get.query({ id: run.id });
			const value = stages.map((stage) => stage.result?.[METRIC]).find((found) => typeof found === "number");
			return { ...run, value: typeof value === "number" ? value : null };
		}),
	);
	points.sort(
		(a, b) =>
			a.dataset.localeCompare(b.dataset) || a.method.localeCompare(b.method) || (b.value ?? -1) - (a.value ?? -1),
	);
	printTable(
		["Dataset", "Method", "Values", "Status", "Validation NDCG@10"],
		points.map(({ dataset, method, variant, status, value }) => [
			dataset,
			method,
			variant,
			status,
			value === null ? null : value.toFixed(4),
		]),
	);
	const best = new Map<string, (typeof points)[number]>();
	for (const point of points) {
		const key = `${point.dataset} ${point.method}`;
		if (point.value !== null && !best.has(key)) best.set(key, point);
	}
	for (const { dataset, method, variant } of best.values()) {
		const set = variant.split(", ").map((value) => `--set ${value}`);
		print(
			`\nBest of ${method} on ${dataset}:\nnpx atelier launch table2 --dataset ${dataset} --methods ${method} ${set.join(" ")}`,
		);
	}
}
