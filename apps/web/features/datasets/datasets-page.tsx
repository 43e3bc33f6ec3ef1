"use client";
import { Button, EmptyState, ErrorState, PageHeader, TableSkeleton } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { Database, Plus, Sparkles } from "lucide-react";
import { useState } from "react";
import { readSort, type Sort, toParams, type UrlStateCodec, useUrlState, writeSort } from "~/features/url-state";
import { useTRPC } from "~/trpc/client";
import { DATASET_HEADS, DatasetsTable } from "./datasets-table";
import { ImportDialog } from "./import-dialog";
import { orderDatasets } from "./order-datasets";
import { SampleDialog } from "./sample-dialog";

const codec: UrlStateCodec<{ sort: Sort | null }> = {
	parse: (params) => ({ sort: readSort(params, "sort") }),
	serialise: ({ sort }) => toParams({ sort: writeSort(sort) }),
};

export function DatasetsPage() {
	const trpc = useTRPC();
	const [state, update] = useUrlState(codec);
	const [dialog, setDialog] = useState<"import" | "sample" | null>(null);
	const datasets = useQuery({
		...trpc.datasets.list.queryOptions(),
		refetchInterval: ({ state: { data } }) => (data?.some(({ status }) => status === "importing") ? 1_000 : 15_000),
	});
	const actions = (
		<>
			<Button onClick={() => setDialog("sample")}>
				<Sparkles /> Make sample data
			</Button>
			<Button variant="primary" onClick={() => setDialog("import")}>
				<Plus /> Import dataset
			</Button>
		</>
	);
	return (
		<>
			<PageHeader
				title="Datasets"
				description="One category each: a catalogue, its shoppers and what they searched, clicked and bought. Immutable once imported."
				actions={datasets.data?.length ? actions : undefined}
			/>
			{datasets.isPending ? <TableSkeleton columns={DATASET_HEADS} /> : null}
			{datasets.isError ? (
				<ErrorState
					title="The datasets could not be read."
					message={datasets.error.message}
					kept="The data itself is untouched."
					actions={<Button onClick={() => void datasets.refetch()}>Try again</Button>}
				/>
			) : null}
			{datasets.data?.length === 0 ? (
				<EmptyState icon={Database} title="No datasets yet" action={actions}>
					Import a shopping log, or make the sample: synthetic categories, ready in about a minute, on which every page
					of Atelier can be tried.
				</EmptyState>
			) : null}
			{datasets.data?.length ? (
				<DatasetsTable datasets={orderDatasets(datasets.data)} sort={state.sort} onSort={(sort) => update({ sort })} />
			) : null}
			<ImportDialog open={dialog === "import"} onOpenChange={(open) => setDialog(open ? "import" : null)} />
			<SampleDialog open={dialog === "sample"} onOpenChange={(open) => setDialog(open ? "sample" : null)} />
		</>
	);
}
