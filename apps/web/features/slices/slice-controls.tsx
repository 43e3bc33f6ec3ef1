"use client";
import { Select } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { METRIC_KIND_TITLES, METRIC_KINDS } from "~/features/compare/compare-view";
import { useTRPC } from "~/trpc/client";
import { CutoffSelect } from "./cutoff-select";
import { ReferenceSelect } from "./reference-select";
import { SliceField } from "./slice-field";
import type { Sliced } from "./slice-types";
import type { SlicesView } from "./slices-view";

export interface SliceControlsProps {
	datasets: readonly string[];
	dataset: string;
	view: SlicesView;
	/** Null until the first answer. */
	sliced: Sliced | null;
	onChange: (change: Partial<SlicesView>) => void;
}

/** What is measured, on whom, by which attribute, and against what. */
export function SliceControls({ datasets, dataset, view, sliced, onChange }: SliceControlsProps) {
	const trpc = useTRPC();
	const attributes = useQuery({ ...trpc.slices.attributes.queryOptions({ dataset }), enabled: dataset !== "" });
	const offered = attributes.data?.attributes ?? [];
	return (
		<div className="mb-4 space-y-2">
			<div className="flex flex-wrap items-center gap-2">
				<Select
					aria-label="Dataset"
					className="w-full sm:w-52"
					value={dataset}
					onChange={({ target }) => onChange({ dataset: target.value, methods: [], reference: "" })}
				>
					{datasets.map((name) => (
						<option key={name}>{name}</option>
					))}
				</Select>
				<Select
					aria-label="Attribute"
					className="w-full sm:w-56"
					value={view.by}
					onChange={({ target }) => onChange({ by: target.value })}
				>
					{offered.some(({ name }) => name === view.by) ? null : <option value={view.by}>by {view.by}</option>}
					{offered.map(({ name, title, lacks }) => (
						<option key={name} value={name} disabled={lacks !== null} title={lacks ?? undefined}>
							by {title.toLowerCase()}
						</option>
					))}
				</Select>
				<Select
					aria-label="Metric"
					className="w-28"
					value={view.metric}
					onChange={({ target }) =>
						onChange({ metric: METRIC_KINDS.find((kind) => kind === target.value) ?? view.metric })
					}
				>
					{METRIC_KINDS.map((kind) => (
						<option key={kind} value={kind}>
							{METRIC_KIND_TITLES[kind]}
						</option>
					))}
				</Select>
				<CutoffSelect k={view.k} depth={sliced?.depth ?? null} onCutoff={(k) => onChange({ k })} />
				<ReferenceSelect
					reference={view.reference}
					methods={sliced?.methods.map(({ method }) => method) ?? []}
					onReference={(reference) => onChange({ reference })}
				/>
			</div>
			<SliceField dataset={dataset} slice={view.slice} onSlice={(slice) => onChange({ slice })} className="max-w-3xl" />
		</div>
	);
}
