"use client";
import { methodsInOrder, TABLE_3_VARIANTS } from "@atelier/core";
import { Button, Select, WORK_STATUSES } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { orderDatasets } from "~/features/datasets/order-datasets";
import { shortId } from "~/features/frame/navigation";
import { methodLook, variantLabel } from "~/features/methods";
import { useTRPC } from "~/trpc/client";
import type { RunsView } from "./runs-view";

/** Kinds of settings, by the beginning of their names. */
const SETTINGS = [
	{ value: "full", label: "all data" },
	{ value: "cold-start", label: "cold start" },
	{ value: "zero-shot", label: "zero-shot" },
	{ value: "low-resource", label: "low resource" },
];

export interface RunsFiltersProps {
	view: RunsView;
	onChange: (change: Partial<RunsView>) => void;
}

/** One choice each; what is chosen beyond the first (by a link) is kept and shown. */
export function RunsFilters({ view, onChange }: RunsFiltersProps) {
	const trpc = useTRPC();
	const datasets = useQuery(trpc.datasets.list.queryOptions());
	const outside = useQuery(trpc.outside.methods.queryOptions());
	const methods = methodsInOrder((outside.data ?? []).map(({ method }) => method));
	const groups = [...new Set(datasets.data?.flatMap(({ group }) => group ?? []) ?? [])];
	return (
		<div className="mb-3 flex flex-wrap items-center gap-2">
			<Filter
				label="Dataset"
				all="All datasets"
				chosen={view.dataset}
				options={[
					...groups.map((group) => ({ value: group, label: `${group} (group)` })),
					...orderDatasets(datasets.data ?? []).map(({ name }) => ({ value: name, label: name })),
				]}
				onChange={(dataset) => onChange({ dataset })}
			/>
			<Filter
				label="Method"
				all="All methods"
				chosen={view.method}
				options={methods.map((id) => ({ value: id, label: methodLook(id).title }))}
				onChange={(method) => onChange({ method })}
			/>
			<Filter
				label="Variant"
				all="All variants"
				chosen={view.variant}
				options={TABLE_3_VARIANTS.map(({ id }) => ({ value: id, label: variantLabel(id) || "as it stands" }))}
				onChange={(variant) => onChange({ variant })}
			/>
			<Filter
				label="Setting"
				all="All settings"
				chosen={view.setting}
				options={SETTINGS}
				onChange={(setting) => onChange({ setting })}
			/>
			<Filter
				label="Status"
				all="Any status"
				chosen={view.status}
				options={WORK_STATUSES.map((status) => ({ value: status, label: status === "queued" ? "waiting" : status }))}
				onChange={(chosen) => onChange({ status: WORK_STATUSES.filter((status) => chosen.includes(status)) })}
			/>
			{view.launch ? (
				<Button size="sm" onClick={() => onChange({ launch: "" })} title="Show the runs of every launch">
					Launch <span className="font-mono">{shortId(view.launch)}</span> <X />
				</Button>
			) : null}
		</div>
	);
}

interface FilterProps {
	label: string;
	all: string;
	chosen: readonly string[];
	options: readonly { value: string; label: string }[];
	onChange: (chosen: string[]) => void;
}

function Filter({ label, all, chosen, options, onChange }: FilterProps) {
	const several = chosen.length > 1 ? chosen.join(",") : null;
	return (
		<Select
			aria-label={label}
			className="min-w-36 flex-1 sm:w-44 sm:flex-none"
			value={several ?? chosen[0] ?? ""}
			onChange={({ target }) => onChange(target.value === "" ? [] : target.value.split(","))}
		>
			<option value="">{all}</option>
			{several ? <option value={several}>{chosen.join(", ")}</option> : null}
			{options.map(({ value, label: text }) => (
				<option key={value} value={value}>
					{text}
				</option>
			))}
		</Select>
	);
}
