"use client";
import { describeProtocol } from "@atelier/core";
import { Button, EmptyState, ErrorState, PageHeader, TableSkeleton } from "@atelier/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Layers, Rocket } from "lucide-react";
import Link from "next/link";
import { benchmarkHref } from "~/features/benchmark/benchmark-view";
import { ComputingTests, refreshTested } from "~/features/charts/computing-tests";
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { orderDatasets } from "~/features/datasets/order-datasets";
import { GridMenu } from "~/features/exports/grid-menu";
import { useUrlState } from "~/features/url-state";
import { useTRPC } from "~/trpc/client";
import { describeGroups, slicesGrid, sliceWords } from "./prepare-slices";
import { SliceChart } from "./slice-chart";
import { SliceControls } from "./slice-controls";
import { SliceTable } from "./slice-table";
import { slicesViewCodec } from "./slices-view";

export function SlicesPage() {
	const trpc = useTRPC();
	const [view, update] = useUrlState(slicesViewCodec);
	const datasets = useQuery(trpc.datasets.list.queryOptions());
	const ready = orderDatasets(datasets.data ?? []).filter(({ status }) => status === "ready");
	const dataset = view.dataset || ready[0]?.name || "";
	const query = useQuery({
		...trpc.results.sliced.queryOptions({
			...{ dataset, by: view.by, slice: view.slice, metrics: [view.metric] },
			...(view.k !== null && { k: view.k }),
			...(view.reference !== "" && { reference: view.reference }),
			...(view.methods.length > 0 && { methods: view.methods }),
		}),
		enabled: dataset !== "",
		placeholderData: keepPreviousData,
		refetchInterval: refreshTested(false),
	});
	const sliced = dataset === "" ? undefined : query.data;
	const groups = sliced?.groups ?? null;
	const isEmpty = datasets.isSuccess && dataset === "";
	return (
		<>
			<PageHeader
				title="Slices"
				badges={sliced ? <DatasetLabels dataset={sliced.dataset} /> : null}
				description="Every method over the values of one attribute of the test shoppers, largest differences first, corrected for how many were looked at."
				actions={
					sliced && groups !== null && groups.length > 0 ? (
						<GridMenu name={`slices-${sliced.by?.name ?? "all"}`} grids={() => [slicesGrid(sliced, view.metric)]} />
					) : null
				}
			/>
			<SliceControls
				datasets={ready.map(({ name }) => name)}
				dataset={dataset}
				view={view}
				sliced={sliced ?? null}
				onChange={(change) => update(change, { push: true })}
			/>
			{isEmpty ? (
				<EmptyState
					icon={Layers}
					title="Nothing measured yet"
					action={
						<Button asChild variant="primary">
							<Link href="/launch">
								<Rocket /> Plan a launch
							</Link>
						</Button>
					}
				>
					Groups of test shoppers with every method's figures and their differences stand here as soon as a run
					succeeds.
				</EmptyState>
			) : null}
			{query.isError ? (
				<ErrorState
					className="mb-4"
					title="These slices could not be shown."
					message={query.error.message}
					kept="The choice above stays as it is."
					actions={<Button onClick={() => void query.refetch()}>Try again</Button>}
				/>
			) : null}
			{!query.isError && dataset !== "" && groups === null && !sliced?.computing?.failed ? (
				<div aria-busy>
					<TableSkeleton columns={["Slice", "Shoppers", "Method", "Method", "Method", "Method"]} rows={6} />
				</div>
			) : null}
			{sliced && !query.isError ? (
				<>
					{groups !== null && groups.length > 0 ? (
						<>
							<p className="mb-3 text-sm text-ink-muted">{describeGroups(sliced, view.metric)}</p>
							<SliceTable
								view={sliced}
								kind={view.metric}
								hrefOf={(group) =>
									benchmarkHref({ dataset: [dataset], slice: group.slice, k: view.k, reference: view.reference })
								}
							/>
						</>
					) : null}
					{groups?.length === 0 ? (
						<EmptyState icon={Layers} title="No test shopper is in this slice">
							Take a condition out of the slice, or choose another attribute.
						</EmptyState>
					) : null}
					<ComputingTests computing={sliced.computing} className="mt-4 max-w-md" />
					<ul className="mt-2 space-y-0.5 text-xs text-ink-faint">
						<li>
							{sliced.users ?? "–"} of {sliced.of ?? "–"} test shoppers ({sliceWords(sliced.slice)}),{" "}
							{describeProtocol({ ...sliced.protocol, k: sliced.k })}
							{sliced.preset ? `, preset ${sliced.preset}` : ""}.
						</li>
						<li>
							Best of a row in bold. Under a value its difference to the reference: ***, ** and * at .001, .01 and .05
							after Holm's correction over{" "}
							{sliced.computing === null && sliced.tests !== null ? `${sliced.tests} tests, ` : ""}
							every group and method of this view.
						</li>
						{sliced.left > 0 ? (
							<li>{sliced.left} further groups, those with the fewest shoppers, are left out.</li>
						) : null}
						{sliced.leftOut.map(({ method, why }) => (
							<li key={method}>
								{method} is left out: {why}
							</li>
						))}
						{sliced.candidatesOf ? (
							<li>Candidates are those that {sliced.candidatesOf.method} showed its model.</li>
						) : null}
					</ul>
					{groups !== null && groups.length > 0 ? (
						<section className="mt-8 max-w-4xl">
							<SliceChart view={sliced} kind={view.metric} />
						</section>
					) : null}
				</>
			) : null}
		</>
	);
}
