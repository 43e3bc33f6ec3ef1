import { PAPER_DATASETS, paperDatasetOf } from "@atelier/core";

interface Placed {
	name: string;
	group: string | null;
}

/**
 * Datasets of a group stand together, where its first one stood, the paper's categories in the paper's order and then
 * the others; datasets without a group stay where they are.
 */
export function orderDatasets<Row extends Placed>(rows: readonly Row[]): Row[] {
	const together = ({ name, group }: Row) => (group === null ? `dataset ${name}` : `group ${group}`);
	const keys = [...new Set(rows.map(together))];
	return keys.flatMap((key) =>
		rows.filter((row) => together(row) === key).sort((a, b) => categoryPlace(a.name) - categoryPlace(b.name)),
	);
}

/** Place of a dataset's category in the paper's tables; a dataset of no such category comes after them. */
export function categoryPlace(name: string): number {
	const category = paperDatasetOf(name);
	return category === null ? PAPER_DATASETS.length : PAPER_DATASETS.findIndex(({ id }) => id === category);
}
