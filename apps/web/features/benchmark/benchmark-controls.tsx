"use client";
import { Select } from "@atelier/ui";
import { CutoffSelect } from "~/features/slices/cutoff-select";
import { ReferenceSelect } from "~/features/slices/reference-select";
import { SliceField } from "~/features/slices/slice-field";
import { type BenchmarkView, isSliced } from "./benchmark-view";
import { DatasetFilter } from "./dataset-filter";
import { type Benchmark, methodsOf, UNDER_FIGURES, UNDER_TITLES, type UnderFigures } from "./prepare-benchmark";

export interface BenchmarkControlsProps {
	view: BenchmarkView;
	/** As it is shown: what the view asks for may not be known of these figures. */
	under: UnderFigures;
	/** The stored figures; undefined until they are there. */
	benchmark: Benchmark | undefined;
	hasResults: boolean;
	/** The K that all stored lists reach; null while that is not known. */
	depth: number | null;
	onChange: (change: Partial<BenchmarkView>, options?: { push?: boolean }) => void;
}

/** What is measured: on which datasets and shoppers, at which K, against what. */
export function BenchmarkControls({ view, under, benchmark, hasResults, depth, onChange }: BenchmarkControlsProps) {
	const sliced = isSliced(view);
	const measured = benchmark?.datasets.filter(({ cells }) => cells.some(({ runs }) => runs.length > 0)) ?? [];
	const methods = benchmark
		? methodsOf(benchmark).filter((method) =>
				measured.some(({ cells }) => cells.some((cell) => cell.method === method && cell.runs.length > 0)),
			)
		: [];
	return (
		<div className="mb-4 space-y-2">
			<div className="flex flex-wrap items-center gap-2">
				<DatasetFilter chosen={view.dataset} onChange={(dataset) => onChange({ dataset }, { push: true })} />
				{hasResults ? (
					<>
						<CutoffSelect k={view.k} depth={depth} onCutoff={(k) => onChange({ k }, { push: true })} />
						<ReferenceSelect
							reference={view.reference}
							methods={methods}
							onReference={(reference) => onChange({ reference }, { push: true })}
						/>
						<span className="flex items-center gap-2 text-sm text-ink-muted">
							<span aria-hidden className="whitespace-nowrap">
								Under each figure
							</span>
							<Select
								aria-label="Under each figure"
								className="w-52"
								value={under}
								onChange={({ target }) =>
									onChange({ under: UNDER_FIGURES.find((one) => one === target.value) ?? view.under })
								}
							>
								{UNDER_FIGURES.map((one) => (
									<option key={one} value={one} disabled={sliced && (one === "paper" || one === "difference")}>
										{UNDER_TITLES[one]}
									</option>
								))}
							</Select>
						</span>
					</>
				) : null}
			</div>
			{hasResults ? (
				<SliceField
					dataset={measured[0]?.name ?? ""}
					slice={view.slice}
					onSlice={(slice) => onChange({ slice }, { push: true })}
					className="max-w-3xl"
				/>
			) : null}
		</div>
	);
}
