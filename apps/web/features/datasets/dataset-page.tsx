"use client";
import { visibleLines } from "@atelier/core";
import { Button, ErrorState, formatCount, PageHeader, PanelSkeleton, Skeleton, TabPanel, Tabs } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { Rocket } from "lucide-react";
import Link from "next/link";
import { CharacteristicsTab } from "~/features/characteristics/characteristics-tab";
import { useUrlState } from "~/features/url-state";
import { useTRPC } from "~/trpc/client";
import { DatasetActions } from "./dataset-actions";
import { DatasetLabels } from "./dataset-labels";
import { DatasetStatus } from "./dataset-status";
import { datasetViewCodec } from "./dataset-view";
import { ItemsTab } from "./items-tab";
import { QuarantineTab } from "./quarantine-tab";
import { ShoppersTab } from "./shoppers-tab";
import { StatisticsTab } from "./statistics-tab";

export function DatasetPage({ name }: { name: string }) {
	const trpc = useTRPC();
	const [view, update] = useUrlState(datasetViewCodec);
	const query = useQuery({
		...trpc.datasets.get.queryOptions({ name }),
		refetchInterval: ({ state }) => (state.data?.status === "importing" ? 1_000 : false),
	});
	if (query.isPending) return <DatasetSkeleton name={name} />;
	if (query.isError) {
		return (
			<ErrorState
				title={`Dataset ${name} could not be shown.`}
				message={query.error.message}
				actions={
					<Button asChild>
						<Link href="/datasets">See all datasets</Link>
					</Button>
				}
			/>
		);
	}
	const dataset = query.data;
	const isReady = dataset.status === "ready";
	return (
		<>
			<PageHeader
				title={dataset.name}
				badges={<DatasetLabels dataset={dataset} />}
				actions={
					<>
						<DatasetActions dataset={dataset} />
						{isReady ? (
							<Button asChild variant="primary">
								<Link href={`/launch?datasets=${encodeURIComponent(dataset.name)}`}>
									<Rocket /> Launch on it
								</Link>
							</Button>
						) : null}
					</>
				}
			/>
			{dataset.status === "failed" ? (
				<ErrorState
					title="The import failed."
					message={dataset.error && visibleLines(dataset.error)}
					kept="Nothing of it was kept; the source files are untouched, and the name is free again."
					advice="Correct what the message names and import again."
				/>
			) : null}
			{dataset.status === "importing" ? <DatasetStatus dataset={dataset} /> : null}
			{isReady ? (
				<Tabs
					label="Views of the dataset"
					value={view.tab}
					onChange={(tab) => update({ tab, search: "", user: "" }, { push: true })}
					items={[
						{ value: "statistics", label: "Statistics" },
						{ value: "characteristics", label: "Characteristics" },
						{ value: "items", label: "Items", count: dataset.counts ? formatCount(dataset.counts.items) : undefined },
						{
							value: "shoppers",
							label: "Shoppers",
							count: dataset.counts ? formatCount(dataset.counts.users) : undefined,
						},
						{ value: "quarantine", label: "Quarantine", count: formatCount(dataset.counts?.rejected ?? 0) },
					]}
				>
					<TabPanel value="statistics">
						<StatisticsTab dataset={dataset} />
					</TabPanel>
					<TabPanel value="characteristics">
						<CharacteristicsTab name={name} />
					</TabPanel>
					<TabPanel value="items">
						<ItemsTab name={name} search={view.search} onSearch={(search) => update({ search })} />
					</TabPanel>
					<TabPanel value="shoppers">
						<ShoppersTab name={name} view={view} onChange={update} />
					</TabPanel>
					<TabPanel value="quarantine">
						<QuarantineTab name={name} />
					</TabPanel>
				</Tabs>
			) : null}
		</>
	);
}

function DatasetSkeleton({ name }: { name: string }) {
	return (
		<div aria-busy>
			<PageHeader title={name} />
			<Skeleton className="mb-5 h-9 w-96 max-w-full" />
			<PanelSkeleton lines={2} className="h-20" />
			<PanelSkeleton lines={5} className="mt-6 h-64" />
		</div>
	);
}
