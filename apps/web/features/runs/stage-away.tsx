"use client";
import { Button, ConfirmDialog, RelativeTime, useToast } from "@atelier/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleOff } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTRPC } from "~/trpc/client";
import type { RunStage } from "./run-types";

/** Says that the host of a running stage does not answer, which is no failure, and lets a person give it up. */
export function StageAway({ runId, stage }: { runId: string; stage: RunStage }) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const toast = useToast();
	const [asking, setAsking] = useState(false);
	const fence = useMutation(
		trpc.runs.fence.mutationOptions({
			onSuccess: () => {
				setAsking(false);
				toast({ title: "Given up; the stage is begun again" });
				return queryClient.invalidateQueries(trpc.runs.pathFilter());
			},
			onError: ({ message }) => toast({ tone: "bad", title: "The stage was left as it was.", detail: message }),
		}),
	);
	const away = stage.attempts.find(({ status, unreachableSince }) => status === "running" && unreachableSince !== null);
	if (away?.unreachableSince == null) return null;
	return (
		<div role="status" className="mt-1 mb-3 flex items-start gap-3 rounded-md border bg-cancelled-soft p-3 text-sm">
			<CircleOff aria-hidden className="mt-0.5 size-4 shrink-0 text-cancelled" />
			<div className="min-w-0 flex-1 space-y-1">
				<p className="font-medium text-cancelled">
					<Link href={`/hosts?peek=${encodeURIComponent(away.host)}`} className="underline">
						{away.host}
					</Link>{" "}
					has not answered since <RelativeTime at={away.unreachableSince} />.
				</p>
				<p className="text-ink-muted">
					The stage may well go on there. It is taken up again when the host answers, and begun nowhere else meanwhile.
				</p>
			</div>
			<Button size="sm" onClick={() => setAsking(true)}>
				Give it up
			</Button>
			<ConfirmDialog
				open={asking}
				onOpenChange={setAsking}
				title="Begin this stage again?"
				description={`What ran on ${away.host} can publish nothing any more, and is ended should the host come back. The stage goes on from its newest checkpoint, if it has one.`}
				action="Give it up"
				dismiss="Keep waiting"
				danger
				busy={fence.isPending}
				onConfirm={() => fence.mutate({ ids: [runId] })}
			/>
		</div>
	);
}
