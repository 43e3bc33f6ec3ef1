"use client";
import { PAPER_DATASETS, paperDatasetOf } from "@atelier/core";
import {
	Badge,
	CopyButton,
	formatAbsoluteTime,
	formatBytes,
	formatCount,
	formatScientific,
	KeyValue,
	Panel,
	Stat,
	StatRow,
	Table,
	TableFrame,
	Td,
	Th,
	Tr,
} from "@atelier/ui";
import type { ReactNode } from "react";
import type { DatasetDetail } from "./dataset-actions";
import { ImportNotes } from "./import-notes";
import { readingEntries } from "./prepare-reading";
import { ProfilePanel } from "./profile-panel";

export function StatisticsTab({ dataset }: { dataset: DatasetDetail }) {
	const { statistics, counts, sources } = dataset;
	return (
		<div className="space-y-6">
			{counts ? (
				<StatRow>
					<Stat
						label="Searches"
						value={formatCount(counts.searches)}
						note={dataset.queriesDerived ? "derived" : undefined}
					/>
					<Stat label="Clicks" value={formatCount(counts.clicks)} />
					<Stat label="Purchases" value={formatCount(counts.purchases)} />
					<Stat
						label="Exposures"
						value={formatCount(counts.exposures)}
						note={counts.exposures === 0 ? "none in the log" : undefined}
					/>
					<Stat label="Rejected rows" value={formatCount(counts.rejected)} />
					<Stat label="Runs" value={formatCount(dataset.runs)} />
				</StatRow>
			) : null}
			<ImportNotes dataset={dataset} />
			{statistics ? <TableOne name={dataset.name} statistics={statistics} /> : null}
			<div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-2 2xl:grid-cols-3">
				<ProfilePanel name={dataset.name} />
				<Panel title="About the import">
					<KeyValue
						entries={[
							{ key: "Format", value: dataset.format },
							{ key: "Group", value: dataset.group ?? "–" },
							...readingEntries(dataset),
							{
								key: "Queries",
								value: dataset.queriesDerived ? "derived from the item bought" : counts?.searches ? "as typed" : "none",
							},
							{ key: "Imported", value: formatAbsoluteTime(dataset.readyAt ?? dataset.createdAt) },
							{
								key: "Dataset id",
								value: (
									<span className="inline-flex items-center gap-1 font-mono text-xs">
										{dataset.id}
										<CopyButton text={dataset.id} label="Copy dataset id" />
									</span>
								),
							},
						]}
					/>
				</Panel>
				<Panel
					title="Sources"
					description={sources.length === 0 ? "Made by the generator; no files were read." : undefined}
				>
					<KeyValue
						entries={sources.map((source) => ({
							key: source.name,
							title: `SHA-256 ${source.sha256}`,
							value: formatBytes(source.sizeBytes),
						}))}
					/>
				</Panel>
			</div>
		</div>
	);
}

interface TableOneProps {
	name: string;
	statistics: NonNullable<DatasetDetail["statistics"]>;
}

/** The paper's Table 1 for this dataset, with the paper's own row of the same category under it. */
function TableOne({ name, statistics }: TableOneProps) {
	const category = paperDatasetOf(name);
	const paper = PAPER_DATASETS.find(({ id }) => id === category);
	return (
		<div>
			<TableFrame label="Table 1">
				<Table>
					<thead>
						<tr>
							<Th pinned>Dataset</Th>
							<Th numeric>Users</Th>
							<Th numeric>Items</Th>
							<Th numeric title="Searches, clicks and purchases">
								Interactions
							</Th>
							<Th numeric title="Interactions a user">
								Avg. length
							</Th>
							<Th numeric title="Interactions / (users × items)">
								Density
							</Th>
						</tr>
					</thead>
					<tbody>
						<Row label={<span className="font-medium">{name}</span>} figures={statistics} />
						{paper ? (
							<Row
								label={
									<span className="flex items-center gap-2 whitespace-nowrap text-ink-muted">
										{paper.title} <Badge>the paper's</Badge>
									</span>
								}
								figures={paper}
							/>
						) : null}
					</tbody>
				</Table>
			</TableFrame>
			<p className="mt-2 text-xs text-ink-faint">
				The columns of the paper's Table 1. An interaction is a search, a click or a purchase.
			</p>
		</div>
	);
}

interface Figures {
	users: number;
	items: number;
	interactions: number;
	averageLength: number;
	density: number;
}

function Row({ label, figures }: { label: ReactNode; figures: Figures }) {
	return (
		<Tr>
			<Td pinned>{label}</Td>
			<Td numeric>{formatCount(figures.users)}</Td>
			<Td numeric>{formatCount(figures.items)}</Td>
			<Td numeric>{formatCount(figures.interactions)}</Td>
			<Td numeric>{figures.averageLength.toFixed(2)}</Td>
			<Td numeric>{formatScientific(figures.density)}</Td>
		</Tr>
	);
}
