"use client";
import { Select, useToast } from "@atelier/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "~/trpc/client";
import { PRIORITY_CHOICES } from "./priorities";
import { isLive, type RunRow } from "./run-types";

/** The priority of a run's launch; changed here while the run is under way. */
export function LaunchPriority({ run }: { run: Pick<RunRow, "launchId" | "priority" | "status"> }) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const toast = useToast();
	const prioritise = useMutation(
		trpc.launch.prioritise.mutationOptions({
			onSuccess: ({ priority }) => {
				toast({ title: `The launch has priority ${priority}.` });
				return queryClient.invalidateQueries(trpc.runs.pathFilter());
			},
			onError: ({ message }) => toast({ tone: "bad", title: "The priority was left as it was.", detail: message }),
		}),
	);
	if (!isLive(run.status)) return run.priority;
	return (
		<Select
			aria-label="Priority of the launch"
			title="Of what waits, launches of higher priority go first; what runs goes on"
			className="h-7 text-xs"
			disabled={prioritise.isPending}
			value={run.priority}
			onChange={({ target }) => prioritise.mutate({ launch: run.launchId, priority: Number(target.value) })}
		>
			{PRIORITY_CHOICES.map(({ value, label }) => (
				<option key={value} value={value}>
					{label}
				</option>
			))}
		</Select>
	);
}
