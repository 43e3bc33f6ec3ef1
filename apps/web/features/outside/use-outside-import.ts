"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useUpload } from "~/features/uploads/use-upload";
import { useTRPC, useTRPCClient } from "~/trpc/client";
import type { OutsideRequest } from "./outside-form";

const POLL_MS = 500;

export interface Asked {
	file: File;
	request: OutsideRequest;
	dryRun: boolean;
}

/** One file on its way: handed over, checked, and where that was asked for made a run of. */
export function useOutsideImport() {
	const trpc = useTRPC();
	const client = useTRPCClient();
	const { upload, progress, stop } = useUpload();
	const [asked, setAsked] = useState<Asked | null>(null);
	const start = useMutation({
		mutationFn: async (ask: Asked) => {
			setAsked(ask);
			const id = await upload([{ role: "data", file: ask.file }]);
			return client.outside.startImport.mutate({ ...ask.request, upload: id, dryRun: ask.dryRun });
		},
	});
	const id = start.data?.id ?? "";
	const state = useQuery({
		...trpc.outside.importState.queryOptions({ id }),
		enabled: id !== "",
		refetchInterval: ({ state: { data } }) =>
			data === undefined || data.status === "queued" || data.status === "running" ? POLL_MS : false,
	});
	const cancel = useMutation({
		mutationFn: () => client.outside.cancelImport.mutate({ id }),
		onSettled: () => state.refetch(),
	});
	const current = start.isPending || id === "" ? undefined : state.data;
	const isChecking =
		id !== "" &&
		!start.isPending &&
		(current === undefined || current.status === "queued" || current.status === "running");
	return {
		start: start.mutate,
		/** Nothing is on its way any more, and nothing of it is remembered. */
		reset: () => {
			start.reset();
			setAsked(null);
		},
		asked,
		started: start.data,
		state: current,
		isBusy: start.isPending || isChecking,
		isChecking,
		upload: { progress, stop },
		cancel: () => cancel.mutate(),
		/** What was refused before the file was looked at. */
		error: start.error?.message ?? state.error?.message ?? null,
	};
}
