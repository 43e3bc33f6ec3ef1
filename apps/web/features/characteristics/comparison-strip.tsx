"use client";
import { Badge, Missing, Panel, Skeleton, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "~/trpc/client";
import { type ComparisonCell, prepareComparison } from "./prepare-comparison";

/** This dataset's key figures beside those of all others, with how many times as much it has. */
export function ComparisonStrip({ name, className }: { name: string; className?: string }) {
	const trpc = useTRPC();
	const overview = useQuery({
		...trpc.datasets.characteristicsOverview.queryOptions({ reference: name }),
		staleTime: 60_000,
	});
	return (
		<Panel
			title="Beside the other datasets"
			description={`Small figures say how many times as much ${name} has. Where a dataset is named after a contrast category of the paper (electronics, toys), the paper's ratio for fashion stands after it.`}
			className={className}
			flush
		>
			{overview.isPending ? <Skeleton className="m-3 h-24" /> : null}
			{overview.isError ? <p className="p-3 text-sm text-failed">{overview.error.message}</p> : null}
			{overview.data?.datasets.length === 1 ? (
				<p className="p-4 text-sm text-ink-muted">
					No other dataset is here yet.{" "}
					<code className="font-mono text-xs">npx atelier dataset sample --name sample --contrast</code> makes four of
					fashion and two to set them against.
				</p>
			) : null}
			{overview.data && overview.data.datasets.length > 1 ? (
				<TableFrame label="Key figures of all datasets" className="rounded-none border-0">
					<Table>
						<thead>
							<tr>
								<Th pinned>Dataset</Th>
								{overview.data.definitions.map(({ key, part, title }) => (
									<Th key={key} numeric className="h-auto py-2 align-bottom whitespace-normal">
										<span className="block font-normal">{part}</span>
										{title}
									</Th>
								))}
							</tr>
						</thead>
						<tbody>
							{prepareComparison(overview.data).map((row) => (
								<Tr key={row.name} selected={row.isReference}>
									<Td pinned className="whitespace-nowrap">
										<span className="flex items-center gap-2">
											{row.isReference ? (
												<span className="font-medium">{row.name}</span>
											) : (
												<Link
													className="hover:underline"
													href={`/datasets/${encodeURIComponent(row.name)}?tab=characteristics`}
												>
													{row.name}
												</Link>
											)}
											{row.synthetic ? <Badge>synthetic</Badge> : null}
										</span>
									</Td>
									{row.cells.map((cell) => (
										<Td key={cell.key} numeric>
											<Figure cell={cell} problem={row.problem} />
										</Td>
									))}
								</Tr>
							))}
						</tbody>
					</Table>
				</TableFrame>
			) : null}
		</Panel>
	);
}

function Figure({ cell, problem }: { cell: ComparisonCell; problem: string | null }) {
	if (cell.figure === null) return <Missing reason={problem ?? "The log does not give it; its own page says why."} />;
	return (
		<span className="block py-1 whitespace-nowrap">
			{cell.figure}
			{cell.ratio ? (
				<span className="block text-xs text-ink-faint">
					{cell.ratio}
					{cell.paper ? ` (paper ${cell.paper})` : ""}
				</span>
			) : null}
		</span>
	);
}
