"use client";
import { Badge, Button, Field, Input, Textarea, useToast } from "@atelier/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTRPC } from "~/trpc/client";
import type { RunRow } from "./run-types";

/** What people say of a run, and its tags; changed in place. */
export function RunNote({ run: { id, note, tags } }: { run: Pick<RunRow, "id" | "note" | "tags"> }) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const toast = useToast();
	const [draft, setDraft] = useState<{ note: string; tags: string } | null>(null);
	const annotate = useMutation(
		trpc.runs.annotate.mutationOptions({
			onSuccess: () => {
				setDraft(null);
				return queryClient.invalidateQueries(trpc.runs.pathFilter());
			},
			onError: ({ message }) => toast({ tone: "bad", title: "The note was left as it was.", detail: message }),
		}),
	);
	if (draft === null) {
		return (
			<div className="flex flex-wrap items-center gap-2 text-sm">
				{tags.map((tag) => (
					<Badge key={tag}>{tag}</Badge>
				))}
				{note ? <p className="min-w-0 basis-full break-words whitespace-pre-wrap text-ink-muted">{note}</p> : null}
				<Button size="sm" variant="quiet" onClick={() => setDraft({ note, tags: tags.join(", ") })}>
					{note || tags.length > 0 ? "Edit note and tags" : "Add a note or tags"}
				</Button>
			</div>
		);
	}
	const save = (event: FormEvent) => {
		event.preventDefault();
		const wanted = draft.tags.split(",").flatMap((tag) => tag.trim() || []);
		annotate.mutate({ ids: [id], note: draft.note, add: wanted, remove: tags.filter((tag) => !wanted.includes(tag)) });
	};
	return (
		<form onSubmit={save} className="space-y-3">
			<Field label="Note" htmlFor="run-note">
				<Textarea
					id="run-note"
					maxLength={4_000}
					value={draft.note}
					onChange={({ target }) => setDraft({ ...draft, note: target.value })}
				/>
			</Field>
			<Field label="Tags" htmlFor="run-tags" hint="With commas between.">
				<Input id="run-tags" value={draft.tags} onChange={({ target }) => setDraft({ ...draft, tags: target.value })} />
			</Field>
			<div className="flex gap-2">
				<Button type="submit" size="sm" variant="primary" busy={annotate.isPending}>
					Save
				</Button>
				<Button size="sm" variant="quiet" onClick={() => setDraft(null)}>
					Leave as it was
				</Button>
			</div>
		</form>
	);
}
