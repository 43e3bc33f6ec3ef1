"use client";
import { Button, ConfirmDialog, formatPlural, useToast } from "@atelier/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { type Outputs, useTRPC } from "~/trpc/client";

export type DatasetDetail = Outputs["datasets"]["get"];

/** Cancel an import, or remove a dataset with what hangs on it. */
export function DatasetActions({ dataset }: { dataset: DatasetDetail }) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const router = useRouter();
	const toast = useToast();
	const [asking, setAsking] = useState(false);
	const importing = dataset.status === "importing";
	const onError = (error: { message: string }) =>
		toast({ tone: "bad", title: "Nothing was changed.", detail: error.message });
	const cancel = useMutation(
		trpc.datasets.cancelImport.mutationOptions({
			onSuccess: () => {
				setAsking(false);
				return queryClient.invalidateQueries(trpc.datasets.pathFilter());
			},
			onError,
		}),
	);
	const remove = useMutation(
		trpc.datasets.remove.mutationOptions({
			onSuccess: ({ removed }) => {
				toast({ title: `Removed ${removed}` });
				router.push("/datasets");
				return queryClient.invalidateQueries(trpc.datasets.list.pathFilter());
			},
			onError,
		}),
	);
	const runs = dataset.runs > 0 ? formatPlural(dataset.runs, "run") : null;
	return (
		<>
			<Button onClick={() => setAsking(true)}>
				{importing ? <Ban /> : <Trash2 />}
				{importing ? "Cancel import" : "Remove"}
			</Button>
			{importing ? (
				<ConfirmDialog
					open={asking}
					onOpenChange={setAsking}
					title={`Cancel the import of ${dataset.name}?`}
					description="What was read so far is thrown away; the source files stay."
					action="Cancel import"
					dismiss="Keep importing"
					danger
					busy={cancel.isPending}
					onConfirm={() => cancel.mutate({ name: dataset.name })}
				/>
			) : (
				<ConfirmDialog
					open={asking}
					onOpenChange={setAsking}
					title={`Remove ${dataset.name}?`}
					description={
						runs
							? `Its ${runs} with all their results go with it. The source files stay.`
							: "No run uses it. The source files stay, so it can be imported again."
					}
					action={runs ? `Remove with ${runs}` : "Remove dataset"}
					danger
					busy={remove.isPending}
					onConfirm={() => remove.mutate({ name: dataset.name, withRuns: dataset.runs > 0 })}
				/>
			)}
		</>
	);
}
