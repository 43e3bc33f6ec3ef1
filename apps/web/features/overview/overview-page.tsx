"use client";
import { Button, EmptyState, ErrorState, formatCount, PageHeader, PanelSkeleton, Stat, StatRow } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { Rocket, Telescope } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { DatasetRow } from "~/features/datasets/dataset-status";
import { ImportDialog } from "~/features/datasets/import-dialog";
import { SampleDialog } from "~/features/datasets/sample-dialog";
import { RUN_COLUMNS } from "~/features/runs/run-columns";
import { DataTable } from "~/features/table";
import { useTRPC } from "~/trpc/client";
import { FirstSteps } from "./first-steps";
import { OverviewDatasets } from "./overview-datasets";
import { OverviewLedger } from "./overview-ledger";

const RUNNING_COLUMNS = RUN_COLUMNS.filter(({ key }) =>
	["method", "dataset", "seed", "status", "duration"].includes(key),
);
const RECENT_COLUMNS = RUN_COLUMNS.filter(({ key }) => !["preset", "created", "seed"].includes(key));

export function OverviewPage() {
	const trpc = useTRPC();
	const [dialog, setDialog] = useState<"import" | "sample" | null>(null);
	const overview = useQuery({
		...trpc.overview.get.queryOptions(),
		refetchInterval: ({ state: { data } }) =>
			data && (data.running.length > 0 || data.datasets.some(({ status }) => status === "importing")) ? 2_000 : 10_000,
	});
	if (overview.isPending) return <OverviewSkeleton />;
	if (overview.isError) {
		return (
			<ErrorState
				title="The overview could not be read."
				message={overview.error.message}
				kept="Runs and imports under way go on."
				actions={<Button onClick={() => void overview.refetch()}>Try again</Button>}
			/>
		);
	}
	const { running, recent, datasets, ledger, runsByStatus } = overview.data;
	const ready = datasets.filter(({ status }) => status === "ready");
	const finished = (runsByStatus.succeeded ?? 0) > 0;
	return (
		<>
			<PageHeader
				title="Overview"
				description="What is running, what is new, and how far the paper is filled."
				actions={
					ready.length > 0 ? (
						<Button asChild variant="primary">
							<Link href="/launch">
								<Rocket /> Launch runs
							</Link>
						</Button>
					) : undefined
				}
			/>
			<div className="space-y-6">
				<StatRow>
					<Stat label="Datasets" value={formatCount(ready.length)} note={unready(datasets)} />
					<Stat label="Running" value={formatCount(runsByStatus.running ?? 0)} />
					<Stat label="Waiting" value={formatCount(runsByStatus.queued ?? 0)} />
					<Stat label="Succeeded" value={formatCount(runsByStatus.succeeded ?? 0)} />
					<Stat label="Failed" value={formatCount(runsByStatus.failed ?? 0)} />
				</StatRow>
				{finished ? null : (
					<FirstSteps
						datasets={ready.length}
						launched={running.length + recent.length > 0}
						onImport={() => setDialog("import")}
						onSample={() => setDialog("sample")}
					/>
				)}
				{running.length > 0 ? (
					<section aria-labelledby="running">
						<h2 id="running" className="mb-2 font-semibold">
							Under way
						</h2>
						<DataTable
							label="Runs under way"
							columns={RUNNING_COLUMNS}
							rows={running}
							rowKey={(run) => run.id}
							href={(run) => `/runs/${run.id}`}
						/>
					</section>
				) : null}
				<div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-[minmax(0,1fr)_19rem]">
					<section aria-labelledby="recent" className="min-w-0">
						<div className="mb-2 flex items-baseline justify-between">
							<h2 id="recent" className="font-semibold">
								Finished last
							</h2>
							<Link href="/runs" className="text-sm text-accent-strong hover:underline">
								All runs
							</Link>
						</div>
						{recent.length > 0 ? (
							<DataTable
								label="Runs finished last"
								columns={RECENT_COLUMNS}
								rows={recent}
								rowKey={(run) => run.id}
								href={(run) => `/runs/${run.id}`}
							/>
						) : (
							<EmptyState icon={Telescope} title="Nothing finished yet">
								The last runs stand here with their Recall@10, NDCG@10 and MRR@10.
							</EmptyState>
						)}
					</section>
					<div className="min-w-0 space-y-6">
						{ledger.some(({ cells }) => cells > 0) ? <OverviewLedger rows={ledger} /> : null}
						<OverviewDatasets datasets={datasets} />
					</div>
				</div>
			</div>
			<ImportDialog open={dialog === "import"} onOpenChange={(open) => setDialog(open ? "import" : null)} />
			<SampleDialog open={dialog === "sample"} onOpenChange={(open) => setDialog(open ? "sample" : null)} />
		</>
	);
}

/** `2 importing, 1 failed`; nothing while all are ready. */
function unready(datasets: readonly DatasetRow[]): string | undefined {
	const counted = (["importing", "failed"] as const)
		.map((status) => ({ status, count: datasets.filter((dataset) => dataset.status === status).length }))
		.filter(({ count }) => count > 0);
	return counted.map(({ status, count }) => `${count} ${status}`).join(", ") || undefined;
}

function OverviewSkeleton() {
	return (
		<div aria-busy>
			<PageHeader title="Overview" description="What is running, what is new, and how far the paper is filled." />
			<PanelSkeleton lines={2} className="mb-6 h-[5.25rem]" />
			<div className="grid grid-cols-[minmax(0,1fr)] gap-6 xl:grid-cols-[minmax(0,1fr)_19rem]">
				<PanelSkeleton lines={8} className="h-80" />
				<PanelSkeleton lines={6} className="h-80" />
			</div>
		</div>
	);
}
