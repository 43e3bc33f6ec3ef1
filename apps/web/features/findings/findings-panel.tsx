"use client";
import { cn, Panel, Skeleton } from "@atelier/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ComputingTests, refreshTested } from "~/features/charts/computing-tests";
import { useTRPC } from "~/trpc/client";
import { FindingLine } from "./finding-line";
import type { FindingSource } from "./prepare-findings";

const REFRESH_MS = 60_000;

export interface FindingsPanelProps {
	/** Tables and figures whose claims are shown. */
	sources: readonly FindingSource[];
	/** Names of datasets or groups; empty for all. */
	datasets: string[];
	className?: string;
}

/** What the paper concludes from a table or figure, and whether it holds on what was measured here. */
export function FindingsPanel({ sources, datasets, className }: FindingsPanelProps) {
	const trpc = useTRPC();
	const query = useQuery({
		...trpc.results.findings.queryOptions({ datasets, sources: [...sources] }),
		placeholderData: keepPreviousData,
		refetchInterval: refreshTested(REFRESH_MS),
	});
	const findings = query.data?.findings ?? [];
	if (query.data?.computing === null && findings.length === 0) return null;
	return (
		<Panel
			title="What the paper finds"
			description="In its words' sense, judged by paired tests over the shoppers measured here."
			className={cn("bg-surface", className)}
			flush
		>
			{query.isPending ? (
				<div aria-busy className="space-y-3 p-4">
					<Skeleton className="h-4 w-3/4" />
					<Skeleton className="h-4 w-2/3" />
				</div>
			) : null}
			{query.isError ? (
				<p className="p-4 text-sm text-ink-muted">The findings could not be judged: {query.error.message}</p>
			) : null}
			<ComputingTests computing={query.data?.computing} className="p-4" />
			<ul>
				{findings.map((finding) => (
					<FindingLine key={finding.id} finding={finding} />
				))}
			</ul>
		</Panel>
	);
}
