"use client";
import { READY_SLICES } from "@atelier/core";
import { cn, Dialog } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { Database, Filter, GitCompareArrows, History, Keyboard } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useEffect } from "react";
import { benchmarkHref } from "~/features/benchmark/benchmark-view";
import { compareHref } from "~/features/compare/compare-view";
import { orderDatasets } from "~/features/datasets/order-datasets";
import { runName } from "~/features/methods";
import { useTRPC } from "~/trpc/client";
import { matchWords } from "./match-words";
import { NAVIGATION, shortId } from "./navigation";

export interface CommandPaletteProps {
	open: boolean;
	onOpenChange: (open: boolean) => void;
	onShortcuts: () => void;
}

/** ⌘K or Ctrl+K: jump to a page, a dataset or a run. */
export function CommandPalette({ open, onOpenChange, onShortcuts }: CommandPaletteProps) {
	const router = useRouter();
	const trpc = useTRPC();
	// On a run's page, that run.
	const shown =
		usePathname()
			.match(/^\/runs\/([^/]+)$/)
			?.slice(1) ?? [];
	const datasets = useQuery({ ...trpc.datasets.list.queryOptions(), enabled: open });
	const runs = useQuery({ ...trpc.runs.list.queryOptions({ limit: 60 }), enabled: open });

	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
			event.preventDefault();
			onOpenChange(!open);
		};
		window.addEventListener("keydown", onKey);
		return () => window.removeEventListener("keydown", onKey);
	}, [open, onOpenChange]);

	const go = (href: string) => {
		onOpenChange(false);
		router.push(href);
	};
	return (
		<Dialog open={open} onOpenChange={onOpenChange} title="Jump to" bare className="top-[18dvh] max-w-xl translate-y-0">
			<Command label="Jump to a page, a dataset or a run" loop filter={matchWords}>
				<Command.Input
					placeholder="A page, a dataset, a run…"
					className="h-12 w-full border-b bg-transparent px-5 text-base outline-none placeholder:text-ink-faint"
				/>
				<Command.List className="max-h-[44dvh] overflow-y-auto p-2">
					<Command.Empty className="px-3 py-6 text-center text-sm text-ink-faint">Nothing by that name.</Command.Empty>
					<Group heading="Pages">
						{NAVIGATION.flatMap((group) => group.entries).map(({ href, label, icon: Icon, note }) => (
							<Item key={href} value={`${label} ${note}`} onSelect={() => go(href)} icon={<Icon />} note={note}>
								{label}
							</Item>
						))}
					</Group>
					<Group heading="Actions">
						{shown.length > 0 ? (
							<Item
								value={`compare the run ${shown[0]} with another`}
								onSelect={() => go(compareHref(shown))}
								icon={<GitCompareArrows />}
								note="choose what it stands beside"
							>
								Compare this run
							</Item>
						) : null}
						{READY_SLICES.map(({ name, title, text }) => (
							<Item
								key={name}
								value={`slice ${name} ${title} ${text} benchmark`}
								onSelect={() => go(benchmarkHref({ slice: text }))}
								icon={<Filter />}
								note={text}
							>
								Benchmark on {title.toLowerCase()} ({name})
							</Item>
						))}
						<Item value="keyboard shortcuts help" onSelect={onShortcuts} icon={<Keyboard />} note="?">
							Show keyboard shortcuts
						</Item>
					</Group>
					{datasets.data?.length ? (
						<Group heading="Datasets">
							{orderDatasets(datasets.data).map(({ name, status }) => (
								<Item
									key={name}
									value={`dataset ${name}`}
									onSelect={() => go(`/datasets/${encodeURIComponent(name)}`)}
									icon={<Database />}
									note={status === "ready" ? undefined : status}
								>
									{name}
								</Item>
							))}
						</Group>
					) : null}
					{runs.data?.rows.length ? (
						<Group heading="Runs">
							{runs.data.rows.map(({ id, dataset, seed, status, ...run }) => (
								<Item
									key={id}
									value={`run ${runName(run)} ${dataset} seed ${seed} ${status} ${id}`}
									onSelect={() => go(`/runs/${id}`)}
									icon={<History />}
									note={`seed ${seed} · ${status} · ${shortId(id)}`}
								>
									{runName(run)} on {dataset}
								</Item>
							))}
						</Group>
					) : null}
				</Command.List>
			</Command>
		</Dialog>
	);
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
	return (
		<Command.Group
			heading={heading}
			className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-faint"
		>
			{children}
		</Command.Group>
	);
}

interface ItemProps {
	value: string;
	onSelect: () => void;
	icon: ReactNode;
	note?: string;
	children: ReactNode;
}

function Item({ value, onSelect, icon, note, children }: ItemProps) {
	return (
		<Command.Item
			value={value}
			onSelect={onSelect}
			className={cn(
				"flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-3 text-sm data-[selected=true]:bg-hover",
				"[&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint",
			)}
		>
			{icon}
			<span className="shrink-0">{children}</span>
			{note ? <span className="ml-auto min-w-0 truncate text-xs text-ink-faint">{note}</span> : null}
		</Command.Item>
	);
}
