"use client";
import { Button, ConfirmDialog, formatPlural, useToast } from "@atelier/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CirclePause, CirclePlay, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTRPC } from "~/trpc/client";
import type { HostRow } from "./host-types";
import { removal } from "./prepare-hosts";

/** Probe, drain or resume, remove. */
export function HostActions({ host, onRemoved }: { host: HostRow; onRemoved: () => void }) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const toast = useToast();
	const [asking, setAsking] = useState(false);
	const refresh = () => queryClient.invalidateQueries(trpc.hosts.pathFilter());
	const onError = (error: { message: string }) =>
		toast({ tone: "bad", title: `${host.name} was left as it was.`, detail: error.message });
	const probe = useMutation(
		trpc.hosts.probe.mutationOptions({
			onSuccess: ({ problem }) => {
				if (problem === null) toast({ title: `${host.name} answers` });
				else toast({ tone: "bad", title: `${host.name} cannot be used now.`, detail: problem });
				return refresh();
			},
			onError: (error) => toast({ tone: "bad", title: `${host.name} was not asked.`, detail: error.message }),
		}),
	);
	const drain = useMutation(
		trpc.hosts.drain.mutationOptions({
			onSuccess: ({ running }) => {
				const left = running > 0 ? `${formatPlural(running, "stage")} there ${running === 1 ? "goes" : "go"} on. ` : "";
				toast({ title: `Draining ${host.name}`, detail: `${left}No training starts there until it is resumed.` });
				return refresh();
			},
			onError,
		}),
	);
	const resume = useMutation(
		trpc.hosts.resume.mutationOptions({
			onSuccess: () => {
				toast({ title: `${host.name} takes stages again` });
				return refresh();
			},
			onError,
		}),
	);
	const remove = useMutation(
		trpc.hosts.remove.mutationOptions({
			onSuccess: () => {
				toast({ title: `Removed ${host.name}` });
				setAsking(false);
				onRemoved();
				return refresh();
			},
			onError,
		}),
	);
	const { allowed, words } = removal(host);
	return (
		<span className="flex flex-wrap gap-2">
			<Button size="sm" busy={probe.isPending} onClick={() => probe.mutate({ name: host.name })}>
				<RefreshCw /> Probe
			</Button>
			{host.draining ? (
				<Button size="sm" busy={resume.isPending} onClick={() => resume.mutate({ name: host.name })}>
					<CirclePlay /> Resume
				</Button>
			) : (
				<Button size="sm" busy={drain.isPending} onClick={() => drain.mutate({ name: host.name })}>
					<CirclePause /> Drain
				</Button>
			)}
			{host.kind === "local" ? null : (
				<>
					<Button size="sm" onClick={() => setAsking(true)}>
						<Trash2 /> Remove
					</Button>
					<ConfirmDialog
						open={asking}
						onOpenChange={setAsking}
						title={`Remove ${host.name}?`}
						description={words}
						action="Remove host"
						dismiss="Keep host"
						danger
						disabled={!allowed}
						busy={remove.isPending}
						onConfirm={() => remove.mutate({ name: host.name })}
					/>
				</>
			)}
		</span>
	);
}
