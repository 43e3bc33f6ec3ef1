"use client";
import { ErrorState, Skeleton } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/trpc/client";
import { summariseSequence } from "./prepare-sequence";
import { SequenceTimeline } from "./sequence-timeline";

export function SequencePanel({ name, user }: { name: string; user: string }) {
	const trpc = useTRPC();
	const sequence = useQuery(trpc.datasets.sequence.queryOptions({ name, user }));
	return (
		<div className="p-5">
			{sequence.isPending ? (
				<div className="space-y-4" aria-busy>
					{[1, 2, 3, 4, 5].map((row) => (
						<Skeleton key={row} className="h-8 w-full" />
					))}
				</div>
			) : null}
			{sequence.isError ? (
				<ErrorState title="The sequence could not be read." message={sequence.error.message} />
			) : null}
			{sequence.data ? (
				<>
					<p className="mb-4 text-sm text-ink-muted">{summariseSequence(sequence.data.events)}</p>
					<SequenceTimeline events={sequence.data.events} />
				</>
			) : null}
		</div>
	);
}
