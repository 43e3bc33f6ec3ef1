"use client";
import { Button, ErrorState, PageHeader, TableSkeleton } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { DataTable } from "~/features/table";
import { useUrlState } from "~/features/url-state";
import { useTRPC } from "~/trpc/client";
import { AddHostDialog } from "./add-host-dialog";
import { FirstHost } from "./first-host";
import { HostPeek } from "./host-peek";
import { HOST_COLUMNS, HOST_HEADS } from "./hosts-columns";
import { hostsViewCodec } from "./hosts-view";

const REFRESH_MS = 5_000;

export function HostsPage() {
	const trpc = useTRPC();
	const [view, update] = useUrlState(hostsViewCodec);
	const [adding, setAdding] = useState(false);
	const hosts = useQuery({ ...trpc.hosts.list.queryOptions(), refetchInterval: REFRESH_MS });
	const rows = hosts.data ?? [];
	const add = (
		<Button variant="primary" onClick={() => setAdding(true)}>
			<Plus /> Add host
		</Button>
	);
	return (
		<>
			<PageHeader
				title="Hosts"
				description="Where stages run: the worker's own machine, and GPU hosts that a Ray cluster stands for."
				actions={add}
			/>
			{hosts.isPending ? <TableSkeleton columns={HOST_HEADS} rows={2} /> : null}
			{hosts.isError ? (
				<ErrorState
					title="The hosts could not be read."
					message={hosts.error.message}
					kept="What runs on them goes on."
					actions={<Button onClick={() => void hosts.refetch()}>Try again</Button>}
				/>
			) : null}
			{rows.length > 0 ? (
				<DataTable
					label="Hosts"
					noun="host"
					columns={HOST_COLUMNS}
					rows={rows}
					total={rows.length}
					rowKey={({ name }) => name}
					onPeek={({ name }) => update({ peek: name }, { push: true })}
					selectedKey={view.peek}
					sort={view.sort}
					onSort={(sort) => update({ sort })}
				/>
			) : null}
			{hosts.isSuccess && rows.every(({ kind }) => kind === "local") ? <FirstHost /> : null}
			<HostPeek
				host={rows.find(({ name }) => name === view.peek) ?? null}
				onClose={() => update({ peek: "" }, { push: true })}
			/>
			<AddHostDialog open={adding} onOpenChange={setAdding} />
		</>
	);
}
