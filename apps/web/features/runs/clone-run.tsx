"use client";
import { Button, useToast } from "@atelier/ui";
import { useMutation } from "@tanstack/react-query";
import { CopyPlus } from "lucide-react";
import { useRouter } from "next/navigation";
import { launchHref } from "~/features/launch/launch-view";
import { useTRPCClient } from "~/trpc/client";

/** The suite that a clone is launched in: one that brings no grid and no settings of its own. */
const SUITE = "table2";

/** Opens Launch with everything that made this run, to be changed there. */
export function CloneRun({ id, size }: { id: string; size?: "sm" | "md" }) {
	const client = useTRPCClient();
	const router = useRouter();
	const toast = useToast();
	const open = useMutation({
		mutationFn: () => client.runs.clone.query({ id }),
		onSuccess: ({ dataset, method, variant, setting, seed, preset, set }) => {
			router.push(
				launchHref({
					suite: SUITE,
					...{ datasets: [dataset], methods: [method], settings: [setting], seeds: String(seed) },
					variants: [variant ?? "full"],
					preset: preset ?? "",
					set: set.join("\n"),
				}),
			);
		},
		onError: ({ message }) => toast({ tone: "bad", title: "The run could not be cloned.", detail: message }),
	});
	return (
		<Button size={size} busy={open.isPending} onClick={() => open.mutate()}>
			<CopyPlus /> Clone with changes
		</Button>
	);
}
