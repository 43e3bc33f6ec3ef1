"use client";
import { Button, ConfirmDialog, Dialog, Field, formatCount, formatPlural, Input, useToast } from "@atelier/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, RotateCcw, Scale, Tag, Trash2, X } from "lucide-react";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { compareHref } from "~/features/compare/compare-view";
import { useTRPC, useTRPCClient } from "~/trpc/client";
import { isLive, type RunRow } from "./run-types";

export type SelectedRuns = ReadonlyMap<string, RunRow["status"]>;

export interface BulkBarProps {
	selected: SelectedRuns;
	onSelect: (selected: SelectedRuns) => void;
	/** What "all that match" means. */
	matching: Parameters<ReturnType<typeof useTRPCClient>["runs"]["ids"]["query"]>[0];
	/** How many match; null while that is not known. */
	total: number | null;
}

type Asked = "cancel" | "retry" | "remove";
const COMPARED = { least: 2, most: 10 };

/** What can be done with the selected runs, with how many it concerns. */
export function BulkBar({ selected, onSelect, matching, total }: BulkBarProps) {
	const trpc = useTRPC();
	const client = useTRPCClient();
	const queryClient = useQueryClient();
	const toast = useToast();
	const [asked, setAsked] = useState<Asked | null>(null);
	const ids = [...selected.keys()];
	const of = {
		cancel: ids.filter((id) => isLive(selected.get(id) ?? "failed")),
		retry: ids.filter((id) => selected.get(id) === "failed" || selected.get(id) === "cancelled"),
		remove: ids.filter((id) => !isLive(selected.get(id) ?? "failed")),
	};
	const done = (title: string) => {
		setAsked(null);
		onSelect(new Map());
		toast({ title });
		return queryClient.invalidateQueries(trpc.runs.pathFilter());
	};
	const onError = ({ message }: { message: string }) =>
		toast({ tone: "bad", title: "The runs were left as they were.", detail: message });
	const acts = {
		cancel: useMutation(
			trpc.runs.cancel.mutationOptions({
				onSuccess: ({ cancelled }) => done(`Cancelled ${formatPlural(cancelled, "run")}`),
				onError,
			}),
		),
		retry: useMutation(
			trpc.runs.retry.mutationOptions({
				onSuccess: ({ retried }) => done(`Put ${formatPlural(retried, "run")} back to work`),
				onError,
			}),
		),
		remove: useMutation(
			trpc.runs.remove.mutationOptions({
				onSuccess: ({ removed }) => done(`Removed ${formatPlural(removed, "run")}`),
				onError,
			}),
		),
	};
	const selectAll = useMutation({
		mutationFn: () => client.runs.ids.query(matching),
		onSuccess: ({ runs, isMore }) => {
			onSelect(new Map(runs.map(({ id, status }) => [id, status])));
			if (isMore)
				toast({ title: `The first ${formatCount(runs.length)} are selected`, detail: "More are taken in turn." });
		},
		onError,
	});
	if (ids.length === 0) return null;
	const words = asked === null ? null : WORDS[asked](of[asked].length);
	return (
		<section
			aria-label="Selected runs"
			className="sticky bottom-3 z-20 mt-3 flex flex-wrap items-center gap-2 rounded-md border bg-raised px-3 py-2 shadow-float"
		>
			<span className="text-sm font-medium tabular-nums">{formatPlural(ids.length, "run")} selected</span>
			{total === null || total > ids.length ? (
				<Button size="sm" variant="quiet" busy={selectAll.isPending} onClick={() => selectAll.mutate()}>
					Select all that match
				</Button>
			) : null}
			<span className="flex-1" />
			{ids.length >= COMPARED.least && ids.length <= COMPARED.most ? (
				<Button asChild size="sm">
					<Link href={compareHref(ids)}>
						<Scale /> Compare {ids.length}
					</Link>
				</Button>
			) : (
				<Button size="sm" disabled title="Two to ten runs can be compared">
					<Scale /> Compare
				</Button>
			)}
			<TagRuns ids={ids} />
			<Button size="sm" disabled={of.cancel.length === 0} onClick={() => setAsked("cancel")}>
				<Ban /> Cancel {of.cancel.length}
			</Button>
			<Button size="sm" disabled={of.retry.length === 0} onClick={() => setAsked("retry")}>
				<RotateCcw /> Retry {of.retry.length}
			</Button>
			<Button size="sm" disabled={of.remove.length === 0} onClick={() => setAsked("remove")}>
				<Trash2 /> Remove {of.remove.length}
			</Button>
			<Button size="sm" variant="quiet" onClick={() => onSelect(new Map())}>
				<X /> Clear
			</Button>
			{asked !== null && words !== null ? (
				<ConfirmDialog
					open
					onOpenChange={() => setAsked(null)}
					{...words}
					danger={asked !== "retry"}
					busy={acts[asked].isPending}
					onConfirm={() => acts[asked].mutate({ ids: of[asked] })}
				/>
			) : null}
		</section>
	);
}

const WORDS = {
	cancel: (count: number) => ({
		title: `Cancel ${formatPlural(count, "run")}?`,
		description: "Stages that are done stay, and one that another run needs goes on for it. They can be retried later.",
		action: `Cancel ${formatPlural(count, "run")}`,
		dismiss: "Keep running",
	}),
	retry: (count: number) => ({
		title: `Retry ${formatPlural(count, "run")}?`,
		description: "What is done stays; only what failed or was cancelled runs again.",
		action: `Retry ${formatPlural(count, "run")}`,
	}),
	remove: (count: number) => ({
		title: `Remove ${formatPlural(count, "run")}?`,
		description:
			"Their figures, predictions, notes and tags go for good, and tables show the runs before. What their stages made stays, so that launching them again costs little.",
		action: `Remove ${formatPlural(count, "run")}`,
	}),
};

function TagRuns({ ids }: { ids: string[] }) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const toast = useToast();
	const [open, setOpen] = useState(false);
	const [typed, setTyped] = useState("");
	const tags = typed.split(",").flatMap((tag) => tag.trim() || []);
	const annotate = useMutation(
		trpc.runs.annotate.mutationOptions({
			onSuccess: ({ changed }) => {
				setOpen(false);
				toast({ title: `Marked ${formatPlural(changed, "run")}` });
				return queryClient.invalidateQueries(trpc.runs.pathFilter());
			},
			onError: ({ message }) => toast({ tone: "bad", title: "The tags were left as they were.", detail: message }),
		}),
	);
	const add = (event: FormEvent) => {
		event.preventDefault();
		if (tags.length > 0) annotate.mutate({ ids, add: tags });
	};
	return (
		<>
			<Button size="sm" onClick={() => setOpen(true)}>
				<Tag /> Tag
			</Button>
			<Dialog open={open} onOpenChange={setOpen} title={`Tag ${formatPlural(ids.length, "run")}`}>
				<form onSubmit={add} className="space-y-4">
					<Field label="Tags" htmlFor="bulk-tags" hint="With commas between. Runs are found by them.">
						<Input id="bulk-tags" value={typed} onChange={({ target }) => setTyped(target.value)} />
					</Field>
					<div className="flex gap-2">
						<Button type="submit" variant="primary" busy={annotate.isPending} disabled={tags.length === 0}>
							Add to {formatPlural(ids.length, "run")}
						</Button>
						<Button disabled={tags.length === 0} onClick={() => annotate.mutate({ ids, remove: tags })}>
							Take off
						</Button>
					</div>
				</form>
			</Dialog>
		</>
	);
}
