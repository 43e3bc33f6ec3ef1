"use client";
import {
	Button,
	Dialog,
	Field,
	IconButton,
	Input,
	Menu,
	MenuItem,
	MenuLabel,
	MenuSeparator,
	useToast,
} from "@atelier/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, BookmarkPlus, Link2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTRPC } from "~/trpc/client";

export interface SliceMenuProps {
	slice: string;
	ready: readonly { name: string; title: string; text: string }[];
	onSlice: (slice: string) => void;
}

/** Slices that have a name, for everyone; the present one gets a name, or goes away as a link. */
export function SliceMenu({ slice, ready, onSlice }: SliceMenuProps) {
	const trpc = useTRPC();
	const toast = useToast();
	const [isNaming, setNaming] = useState(false);
	const named = useQuery(trpc.slices.list.queryOptions());
	const copy = async () => {
		await navigator.clipboard.writeText(window.location.href);
		toast({ title: "Copied the link to this view" });
	};
	return (
		<>
			<Menu
				trigger={
					<IconButton label="Named slices">
						<Bookmark />
					</IconButton>
				}
			>
				<MenuLabel>Of the paper</MenuLabel>
				{ready.map(({ name, title, text }) => (
					<MenuItem key={name} onSelect={() => onSlice(text)}>
						<span className="flex-1">
							{name} {title}
						</span>
						<span className="ml-4 font-mono text-xs text-ink-faint">{text}</span>
					</MenuItem>
				))}
				{named.data?.length ? (
					<>
						<MenuSeparator />
						<MenuLabel>Saved</MenuLabel>
						{named.data.slice(0, 20).map(({ name, text }) => (
							<MenuItem key={name} onSelect={() => onSlice(text)}>
								<span className="max-w-48 flex-1 truncate">{name}</span>
								<span className="ml-4 max-w-60 truncate font-mono text-xs text-ink-faint">{text}</span>
							</MenuItem>
						))}
					</>
				) : null}
				<MenuSeparator />
				<MenuItem icon={<BookmarkPlus />} disabled={slice === ""} onSelect={() => setNaming(true)}>
					Save this slice
				</MenuItem>
				<MenuItem icon={<Link2 />} onSelect={() => void copy()}>
					Copy as link
				</MenuItem>
			</Menu>
			<Dialog
				open={isNaming}
				onOpenChange={setNaming}
				title="Save this slice"
				description="Under a name, for everyone."
			>
				<NameSlice slice={slice} onDone={() => setNaming(false)} />
			</Dialog>
		</>
	);
}

function NameSlice({ slice, onDone }: { slice: string; onDone: () => void }) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const toast = useToast();
	const [name, setName] = useState("");
	const save = useMutation(
		trpc.slices.save.mutationOptions({
			onSuccess: async () => {
				toast({ title: `Saved as ${name.trim()}` });
				await queryClient.invalidateQueries(trpc.slices.list.queryFilter());
				onDone();
			},
		}),
	);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		save.mutate({ name, text: slice });
	};
	return (
		<form onSubmit={submit} className="space-y-4">
			<p className="overflow-x-auto rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs">{slice}</p>
			<Field label="Name" htmlFor="slice-name" error={save.error?.message}>
				<Input id="slice-name" value={name} onChange={({ target }) => setName(target.value)} maxLength={80} />
			</Field>
			<div className="flex justify-end">
				<Button type="submit" variant="primary" busy={save.isPending} disabled={name.trim() === ""}>
					Save slice
				</Button>
			</div>
		</form>
	);
}
