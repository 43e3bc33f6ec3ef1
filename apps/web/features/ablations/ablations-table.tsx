"use client";
import { METRIC_NAMES, METRIC_TITLES } from "@atelier/core";
import { cn, formatDelta, formatMetric, Missing, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { UnderWayMark } from "~/features/under-way/under-way-mark";
import { AblationFigure } from "./ablation-figure";
import { PartMark } from "./part-marks";
import {
	type AblationDataset,
	ablationCell,
	nameAblationCell,
	PARTS,
	paperCell,
	rowOf,
	type VariantLine,
	variantLines,
} from "./prepare-ablations";

export interface AblationsTableProps {
	datasets: readonly AblationDataset[];
	/** Open row as `dataset/variant`. */
	open: string;
	onOpen: (row: string) => void;
}

/** Past this many datasets the intervals of differences are on hover alone. */
const ROOMY_DATASETS = 1;

const hasPaper = ({ rows }: AblationDataset) => rows.some(({ paper }) => paper !== null);

/** Table 3: variants × (their parts, then the metrics of every dataset), the paper's own columns beside its category. */
export function AblationsTable({ datasets, open, onOpen }: AblationsTableProps) {
	const roomy = datasets.length <= ROOMY_DATASETS;
	return (
		<TableFrame label="Ablations">
			<Table>
				<thead>
					<tr>
						<Th pinned rowSpan={2} className="align-bottom">
							Variant
						</Th>
						<Th colSpan={PARTS.length} className="static border-l text-left text-ink">
							Parts
						</Th>
						{datasets.map((dataset) => (
							<Th
								key={dataset.name}
								colSpan={METRIC_NAMES.length * (hasPaper(dataset) ? 2 : 1)}
								className="static border-l text-left text-ink"
							>
								<span className="flex items-center gap-2">
									{dataset.name} <DatasetLabels dataset={dataset} />
								</span>
							</Th>
						))}
					</tr>
					<tr>
						{PARTS.map(({ id, title, note }, index) => (
							<Th key={id} title={note} className={cn("px-2 text-center", index === 0 && "border-l")}>
								{title}
							</Th>
						))}
						{datasets.flatMap((dataset) => [
							...METRIC_NAMES.map((name, index) => (
								<Th key={`${dataset.name} ${name}`} numeric className={cn("pr-5", index === 0 && "border-l")}>
									{METRIC_TITLES[name]}
								</Th>
							)),
							...(hasPaper(dataset)
								? METRIC_NAMES.map((name, index) => (
										<Th
											key={`${dataset.name} paper ${name}`}
											numeric
											title="The paper's own figure, on its own data"
											className={cn("px-2 font-normal", index === 0 && "border-l border-dashed")}
										>
											{name === "recall@10" ? "paper " : ""}
											{METRIC_TITLES[name].replace("@10", "")}
										</Th>
									))
								: []),
						])}
					</tr>
				</thead>
				<tbody>
					{variantLines(datasets).map((line) => (
						<Tr key={line.variant}>
							<Td pinned className="min-w-44">
								<span className={cn(line.variant === "full" && "font-medium")}>{line.title}</span>
								{line.inPaper ? null : <span className="block text-xs text-ink-faint">not in the paper</span>}
							</Td>
							{line.states.map((state, index) => (
								<Td key={PARTS[index]?.id} className={cn("px-2 text-center", index === 0 && "border-l")}>
									<PartMark state={state} />
								</Td>
							))}
							{datasets.flatMap((dataset) => (
								<DatasetCells
									key={dataset.name}
									dataset={dataset}
									line={line}
									roomy={roomy}
									isOpen={open === `${dataset.name}/${line.variant}`}
									onOpen={() => onOpen(`${dataset.name}/${line.variant}`)}
								/>
							))}
						</Tr>
					))}
				</tbody>
			</Table>
		</TableFrame>
	);
}

interface DatasetCellsProps {
	dataset: AblationDataset;
	line: VariantLine;
	roomy: boolean;
	isOpen: boolean;
	onOpen: () => void;
}

function DatasetCells({ dataset, line: { variant, title }, roomy, isOpen, onOpen }: DatasetCellsProps) {
	const underWay = rowOf(dataset, variant)?.underWay ?? null;
	return (
		<>
			{METRIC_NAMES.map((name, index) => {
				const cell = ablationCell(dataset, variant, name);
				return (
					<Td
						key={name}
						numeric
						onClick={cell ? onOpen : undefined}
						className={cn("pr-5", index === 0 && "border-l", cell && "cursor-pointer", isOpen && "bg-accent-soft")}
					>
						{cell ? (
							<button
								type="button"
								className="rounded-sm"
								aria-label={nameAblationCell({ title, dataset: dataset.name, metric: name, cell })}
							>
								<AblationFigure cell={cell} roomy={roomy} />
							</button>
						) : index === 0 && underWay ? (
							<UnderWayMark cell={underWay} />
						) : (
							<Missing
								reason={
									underWay
										? "Under way."
										: rowOf(dataset, variant)
											? "No run of this variant has succeeded here under this preset and protocol."
											: "This combination was not launched on this dataset."
								}
							/>
						)}
					</Td>
				);
			})}
			{hasPaper(dataset)
				? METRIC_NAMES.map((name, index) => {
						const paper = paperCell(dataset, variant, name);
						return (
							<Td
								key={`paper ${name}`}
								numeric
								className={cn("px-2 text-ink-faint", index === 0 && "border-l border-dashed")}
							>
								{paper ? (
									<span className="inline-flex flex-col items-end">
										{formatMetric(paper.value)}
										{paper.difference === null ? null : (
											<span className="text-xs">{formatDelta(paper.difference)}</span>
										)}
									</span>
								) : (
									<Missing reason="The paper has no such row." />
								)}
							</Td>
						);
					})
				: null}
		</>
	);
}
