"use client";
import { letterOf } from "@atelier/core";
import { Button, ErrorState, PanelSkeleton, Select } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import Link from "next/link";
import { runName } from "~/features/methods";
import { slicesHref } from "~/features/slices/slices-view";
import { useTRPC } from "~/trpc/client";
import type { ComparedRun, Comparison } from "./compare-types";
import type { CompareView } from "./compare-view";
import { DifferingShoppers } from "./differing-shoppers";
import { ListOverlapFacts } from "./list-overlap";
import { cutoffOf } from "./prepare-compare";
import { RankHeatMap } from "./rank-heat-map";

export interface PairSectionProps {
	comparison: Comparison;
	view: CompareView;
	onChange: (change: Partial<CompareView>) => void;
}

/** The reference beside one of the others, shopper by shopper. */
export function PairSection({ comparison, view, onChange }: PairSectionProps) {
	const { runs } = comparison;
	const [first] = runs;
	const named = runs.findIndex(({ id }, place) => place > 0 && view.against !== "" && id.startsWith(view.against));
	const place = named === -1 ? 1 : named;
	const other = runs[place];
	if (first === undefined || other === undefined) return null;
	return (
		<section aria-labelledby="pair" className="mt-8">
			<div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
				<h2 id="pair" className="text-base font-semibold">
					Shopper by shopper
				</h2>
				{runs.length > 2 ? (
					<Select
						aria-label="Beside the reference"
						className="w-full sm:w-80"
						value={other.id}
						onChange={({ target }) => onChange({ against: target.value.slice(0, 13), cell: null })}
					>
						{runs.map((run, index) =>
							index === 0 ? null : (
								<option key={run.id} value={run.id}>
									{`A and ${letterOf(index)}: ${runName(run)}, seed ${run.seed}`}
								</option>
							),
						)}
					</Select>
				) : null}
				{isByMethod(runs) ? (
					<Button asChild size="sm">
						<Link
							href={slicesHref({
								...{ dataset: first.dataset, metric: view.metric, reference: first.method },
								methods: runs.map(({ method }) => method),
							})}
						>
							<Layers /> These methods by slice
						</Link>
					</Button>
				) : null}
			</div>
			<Pair first={first} other={other} place={place} k={cutoffOf(comparison)} view={view} onChange={onChange} />
		</section>
	);
}

/** Whether the runs stand for their methods, which is what slices are of. */
function isByMethod(runs: readonly ComparedRun[]): boolean {
	const isPlain = runs.every(({ variant, setting }) => variant === "full" && setting === "full");
	return isPlain && new Set(runs.map(({ method }) => method)).size === runs.length;
}

interface PairProps extends Omit<PairSectionProps, "comparison"> {
	first: ComparedRun;
	other: ComparedRun;
	place: number;
	k: number;
}

function Pair({ first, other, place, k, view, onChange }: PairProps) {
	const trpc = useTRPC();
	const pair = { first: first.id, other: other.id };
	const joint = useQuery(trpc.results.jointRanks.queryOptions(pair));
	const overlap = useQuery(trpc.results.listOverlap.queryOptions(pair));
	const error = joint.error ?? overlap.error;
	return (
		<>
			{error ? (
				<ErrorState
					className="mb-4"
					title="The two runs could not be put beside each other."
					message={error.message}
					actions={<Button onClick={() => void Promise.all([joint.refetch(), overlap.refetch()])}>Try again</Button>}
				/>
			) : null}
			<div className="mb-6 grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 md:grid-cols-[26rem_minmax(0,22rem)]">
				{joint.data ? (
					<RankHeatMap
						joint={joint.data}
						first={first}
						other={other}
						place={place}
						chosen={view.cell}
						onChoose={(cell) => onChange({ cell })}
					/>
				) : joint.isPending ? (
					<PanelSkeleton lines={8} className="h-112" />
				) : null}
				<ListOverlapFacts overlap={overlap.data} place={place} />
			</div>
			<DifferingShoppers first={first} other={other} place={place} k={k} view={view} onChange={onChange} />
		</>
	);
}
