"use client";
import { ErrorState, formatCount, formatDuration, Missing, Skeleton, Table, Td, Th, Tr } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { stageTitle } from "~/features/runs/stage-words";
import { useTRPC } from "~/trpc/client";

/** What a stage of each kind took on a host, and how fast its model read. */
export function Throughput({ name }: { name: string }) {
	const trpc = useTRPC();
	const host = useQuery({ ...trpc.hosts.get.queryOptions({ name }), refetchInterval: 15_000 });
	if (host.isPending) return <Skeleton className="h-24 w-full" />;
	if (host.isError) return <ErrorState title="What was measured could not be read." message={host.error.message} />;
	const { throughput } = host.data;
	if (throughput.length === 0) return <p className="text-sm text-ink-faint">No stage has ended there yet.</p>;
	return (
		<div className="overflow-x-auto rounded-md border">
			<Table>
				<thead>
					<tr>
						<Th>Stage</Th>
						<Th numeric>Median</Th>
						<Th numeric>Tokens/s</Th>
						<Th numeric title="Stages that succeeded there">
							Of
						</Th>
					</tr>
				</thead>
				<tbody>
					{throughput.map(({ kind, medianSeconds, tokensPerSecond, stages }) => (
						<Tr key={kind}>
							<Td>{stageTitle(kind)}</Td>
							<Td numeric>{formatDuration(medianSeconds * 1_000)}</Td>
							<Td numeric>
								{tokensPerSecond === null ? (
									<Missing reason="This stage counts no tokens." />
								) : (
									formatCount(Math.round(tokensPerSecond))
								)}
							</Td>
							<Td numeric>{stages}</Td>
						</Tr>
					))}
				</tbody>
			</Table>
		</div>
	);
}
