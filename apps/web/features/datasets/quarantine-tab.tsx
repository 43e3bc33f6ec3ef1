"use client";
import { visibleText } from "@atelier/core";
import { EmptyState, ErrorState, formatCount, KeyValue, Missing, Panel, TableSkeleton } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { type Column, DataTable } from "~/features/table";
import { Shown } from "~/features/text/shown";
import { type Outputs, useTRPC } from "~/trpc/client";

type Rejected = Outputs["datasets"]["quarantine"]["rows"][number];

const COLUMNS: readonly Column<Rejected>[] = [
	{
		key: "place",
		header: "File and line",
		cell: (row) => (
			<span className="font-mono text-xs whitespace-nowrap">
				<Shown>{row.file}</Shown>
				{row.line === null ? null : <span className="text-ink-faint">:{row.line}</span>}
			</span>
		),
	},
	{ key: "reason", header: "Reason", className: "min-w-48", cell: (row) => <Shown>{row.reason}</Shown> },
	{
		key: "row",
		header: "Row",
		cell: (row) =>
			row.row === null ? (
				<Missing reason="The row could not be read as text." />
			) : (
				<code className="block max-w-lg truncate font-mono text-xs text-ink-muted" title={visibleText(row.row)}>
					<Shown>{row.row}</Shown>
				</code>
			),
	},
];

export function QuarantineTab({ name }: { name: string }) {
	const trpc = useTRPC();
	const quarantine = useQuery(trpc.datasets.quarantine.queryOptions({ name, limit: 500 }));
	if (quarantine.isPending) return <TableSkeleton columns={COLUMNS.map(({ header }) => String(header))} />;
	if (quarantine.isError)
		return <ErrorState title="The quarantine could not be read." message={quarantine.error.message} />;
	const { rows, total, byReason } = quarantine.data;
	if (total === 0) {
		return (
			<EmptyState icon={ShieldCheck} title="Every row was taken">
				Rows that an import rejects stand here with file, line and reason.
			</EmptyState>
		);
	}
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[18rem_minmax(0,1fr)]">
			<Panel title="By reason">
				<KeyValue entries={Object.entries(byReason).map(([key, count]) => ({ key, value: formatCount(count) }))} />
			</Panel>
			<DataTable
				label="Rejected rows"
				noun="row"
				columns={COLUMNS}
				rows={rows}
				total={total}
				rowKey={(row) => `${row.file}:${row.line}:${row.reason}:${row.row}`}
			/>
		</div>
	);
}
