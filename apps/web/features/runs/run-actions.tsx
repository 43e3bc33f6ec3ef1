"use client";
import { Button, ConfirmDialog, useToast } from "@atelier/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowUpToLine, Ban, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTRPC } from "~/trpc/client";
import { isLive, type RunRow } from "./run-types";

export interface RunActionsProps {
	run: Pick<RunRow, "id" | "status" | "progress" | "waiting" | "warnings">;
	size?: "sm" | "md";
}

/** Cancel what is under way, retry what failed; both ask first and say what is kept. What waits can be moved up. */
export function RunActions({ run, size = "md" }: RunActionsProps) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const toast = useToast();
	const [asking, setAsking] = useState(false);
	const options = {
		onSuccess: () => {
			setAsking(false);
			return queryClient.invalidateQueries(trpc.runs.pathFilter());
		},
		onError: (error: { message: string }) =>
			toast({ tone: "bad", title: "The run was left as it was.", detail: error.message }),
	};
	const cancel = useMutation(trpc.runs.cancel.mutationOptions(options));
	const retry = useMutation(trpc.runs.retry.mutationOptions(options));
	const moveUp = useMutation(
		trpc.runs.moveUp.mutationOptions({
			...options,
			onSuccess: () => {
				toast({ title: "Moved to the front of the queue" });
				return queryClient.invalidateQueries(trpc.runs.pathFilter());
			},
		}),
	);
	const kept = `${run.progress.done} of ${run.progress.total} stages are done and stay`;
	if (isLive(run.status)) {
		return (
			<>
				{run.waiting?.for === "slot" && run.waiting.position > 1 ? (
					<Button
						size={size}
						busy={moveUp.isPending}
						title="Its stages go before all others that wait"
						onClick={() => moveUp.mutate({ ids: [run.id] })}
					>
						<ArrowUpToLine /> Move up
					</Button>
				) : null}
				<Button size={size} onClick={() => setAsking(true)}>
					<Ban /> Cancel run
				</Button>
				<ConfirmDialog
					open={asking}
					onOpenChange={setAsking}
					title="Cancel this run?"
					description={`${kept}. A stage that another run needs goes on for that run. It can be retried later.`}
					action="Cancel run"
					dismiss="Keep running"
					danger
					busy={cancel.isPending}
					onConfirm={() => cancel.mutate({ ids: [run.id] })}
				/>
			</>
		);
	}
	const isSpoiled =
		run.status === "succeeded" &&
		(run.progress.done < run.progress.total || run.warnings.some(({ code }) => code === "made-from-damaged"));
	if (run.status !== "failed" && run.status !== "cancelled" && !isSpoiled) return null;
	return (
		<>
			<Button size={size} onClick={() => setAsking(true)}>
				<RotateCcw /> Retry run
			</Button>
			<ConfirmDialog
				open={asking}
				onOpenChange={setAsking}
				title="Retry this run?"
				description={
					isSpoiled ? "What is damaged, or may come of it, is made again." : `${kept}; only the others run again.`
				}
				action={isSpoiled ? "Retry run" : `Retry ${run.progress.total - run.progress.done} stages`}
				busy={retry.isPending}
				onConfirm={() => retry.mutate({ ids: [run.id] })}
			/>
		</>
	);
}
