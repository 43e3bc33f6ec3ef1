import { Badge } from "@atelier/ui";

export interface DatasetLabelsProps {
	dataset: { synthetic: boolean; queriesDerived: boolean };
}

/** The constant labels of data that is not a plain log; shown wherever a dataset's figures are. */
export function DatasetLabels({ dataset }: DatasetLabelsProps) {
	return (
		<>
			{dataset.synthetic ? (
				<Badge title="Made by the synthetic generator; no shopper behind it.">synthetic</Badge>
			) : null}
			{dataset.queriesDerived ? (
				<Badge title="Each search was derived from the item bought after it, so it tells that item's category.">
					derived queries
				</Badge>
			) : null}
		</>
	);
}
