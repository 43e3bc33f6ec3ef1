"use client";
import { Button, Dialog, Field, IconButton, Input, useToast } from "@atelier/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Trash2 } from "lucide-react";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { useTRPC } from "~/trpc/client";

/** Views of the page that somebody gave a name; everyone's. `query`: the view that is shown now. */
export function SavedViews({ query }: { query: string }) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const toast = useToast();
	const [open, setOpen] = useState(false);
	const [name, setName] = useState("");
	const views = useQuery({ ...trpc.runs.views.queryOptions({ page: "runs" }), enabled: open });
	const options = {
		onSuccess: () => queryClient.invalidateQueries(trpc.runs.views.pathFilter()),
		onError: ({ message }: { message: string }) =>
			toast({ tone: "bad", title: "The views were left as they were.", detail: message }),
	};
	const save = useMutation(trpc.runs.saveView.mutationOptions(options));
	const remove = useMutation(trpc.runs.removeView.mutationOptions(options));
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (name.trim() === "") return;
		save.mutate({ page: "runs", name: name.trim(), query });
		setName("");
	};
	return (
		<>
			<Button onClick={() => setOpen(true)}>
				<Bookmark /> Views
			</Button>
			<Dialog
				open={open}
				onOpenChange={setOpen}
				title="Saved views"
				description="Filters, columns, groups and order by a name. Everyone sees them; the address of the page is a view too."
			>
				<form onSubmit={submit} className="flex items-end gap-2">
					<Field label="Name of this view" htmlFor="view-name" className="flex-1">
						<Input id="view-name" maxLength={80} value={name} onChange={({ target }) => setName(target.value)} />
					</Field>
					<Button type="submit" variant="primary" busy={save.isPending} disabled={name.trim() === ""}>
						Save view
					</Button>
				</form>
				{views.data?.length === 0 ? <p className="mt-4 text-sm text-ink-faint">No view is saved yet.</p> : null}
				<ul className="mt-4 space-y-1">
					{views.data?.map((view) => (
						<li key={view.id} className="flex items-center justify-between gap-2">
							<Link
								href={view.query === "" ? "/runs" : `/runs?${view.query}`}
								onClick={() => setOpen(false)}
								className="min-w-0 flex-1 truncate rounded-sm px-2 py-1.5 text-sm hover:bg-hover"
							>
								{view.name}
							</Link>
							<IconButton label={`Remove the view ${view.name}`} onClick={() => remove.mutate({ id: view.id })}>
								<Trash2 />
							</IconButton>
						</li>
					))}
				</ul>
			</Dialog>
		</>
	);
}
