"use client";
import { formatCount, formatScientific, Missing, RelativeTime } from "@atelier/ui";
import Link from "next/link";
import { type Column, DataTable } from "~/features/table";
import type { Sort } from "~/features/url-state";
import { DatasetLabels } from "./dataset-labels";
import { type DatasetRow, DatasetStatus } from "./dataset-status";

type Statistic = keyof NonNullable<DatasetRow["statistics"]>;

function statistic(
	key: Statistic,
	header: string,
	title: string,
	format: (value: number) => string,
): Column<DatasetRow> {
	return {
		key,
		header,
		title,
		numeric: true,
		sortBy: (row) => row.statistics?.[key] ?? null,
		cell: ({ statistics, status }) => (statistics ? format(statistics[key]) : <Missing reason={whyUnknown(status)} />),
	};
}

/** What stands for a statistic that is not there. */
export function whyUnknown(status: DatasetRow["status"]): string {
	switch (status) {
		case "importing":
			return "Known once the import is done.";
		case "failed":
			return "The import failed: nothing was imported.";
		case "ready":
			return "Not recorded for this dataset.";
	}
}

const COLUMNS: readonly Column<DatasetRow>[] = [
	{
		key: "name",
		header: "Dataset",
		sortBy: (row) => row.name,
		cell: (row) => (
			<span className="flex items-center gap-2 whitespace-nowrap">
				<Link href={`/datasets/${encodeURIComponent(row.name)}`} className="font-medium hover:underline">
					{row.name}
				</Link>
				<DatasetLabels dataset={row} />
			</span>
		),
	},
	{ key: "status", header: "Status", sortBy: (row) => row.status, cell: (row) => <DatasetStatus dataset={row} /> },
	statistic("users", "Users", "Shoppers with at least one interaction", formatCount),
	statistic("items", "Items", "Products of the catalogue", formatCount),
	statistic("interactions", "Interactions", "Searches, clicks and purchases", formatCount),
	statistic("averageLength", "Avg. length", "Interactions a user", (value) => value.toFixed(2)),
	statistic("density", "Density", "Interactions / (users × items)", formatScientific),
	{
		key: "format",
		header: "Format",
		className: "pl-6",
		cell: (row) => <span className="text-ink-muted">{row.format}</span>,
	},
	{
		key: "created",
		header: "Imported",
		sortBy: (row) => row.createdAt,
		cell: (row) => <RelativeTime at={row.createdAt} className="whitespace-nowrap text-ink-muted" />,
	},
];
export const DATASET_HEADS = COLUMNS.map(({ header }) => String(header));

export interface DatasetsTableProps {
	datasets: readonly DatasetRow[];
	sort: Sort | null;
	onSort: (sort: Sort | null) => void;
}

export function DatasetsTable({ datasets, sort, onSort }: DatasetsTableProps) {
	return (
		<DataTable
			label="Datasets"
			noun="dataset"
			columns={COLUMNS}
			rows={datasets}
			total={datasets.length}
			rowKey={(row) => row.id}
			href={(row) => `/datasets/${encodeURIComponent(row.name)}`}
			sort={sort}
			onSort={onSort}
		/>
	);
}
