"use client";
import { Select } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { orderDatasets } from "~/features/datasets/order-datasets";
import { useTRPC } from "~/trpc/client";

export interface DatasetFilterProps {
	chosen: readonly string[];
	onChange: (chosen: string[]) => void;
}

/** One dataset, one group, or everything that has results. */
export function DatasetFilter({ chosen, onChange }: DatasetFilterProps) {
	const trpc = useTRPC();
	const datasets = useQuery(trpc.datasets.list.queryOptions());
	const ready = orderDatasets(datasets.data ?? []).filter(({ status }) => status === "ready");
	const groups = [...new Set(ready.flatMap(({ group }) => group ?? []))];
	const several = chosen.length > 1 ? chosen.join(",") : null;
	return (
		<Select
			aria-label="Dataset"
			className="w-56"
			value={several ?? chosen[0] ?? ""}
			onChange={({ target }) => onChange(target.value === "" ? [] : target.value.split(","))}
		>
			<option value="">All datasets with results</option>
			{several ? <option value={several}>{chosen.join(", ")}</option> : null}
			{groups.map((group) => (
				<option key={`group ${group}`} value={group}>
					{group} (group)
				</option>
			))}
			{ready.map(({ name }) => (
				<option key={name} value={name}>
					{name}
				</option>
			))}
		</Select>
	);
}
