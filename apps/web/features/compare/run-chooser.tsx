"use client";
import { MOST_COMPARED } from "@atelier/core";
import {
	Button,
	cn,
	Dialog,
	EmptyState,
	ErrorState,
	formatMetric,
	Input,
	RelativeTime,
	Select,
	Skeleton,
} from "@atelier/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useState } from "react";
import { matchWords } from "~/features/frame/match-words";
import { shortId } from "~/features/frame/navigation";
import { MethodMarker, runName } from "~/features/methods";
import type { RunRow } from "~/features/runs/run-types";
import { useTRPC } from "~/trpc/client";

/** Runs that are listed; a search narrows these. */
const LISTED = 200;

export interface RunChooserProps {
	open: boolean;
	onOpenChange: (open: boolean) => void;
	/** Compared already, in their order. */
	chosen: readonly string[];
	/** Of the compared runs; empty for any. */
	dataset: string;
	onChoose: (runs: string[]) => void;
}

/** Succeeded runs of one dataset to tick. */
export function RunChooser({ open, onOpenChange, ...props }: RunChooserProps) {
	return (
		<Dialog
			open={open}
			onOpenChange={onOpenChange}
			title="Choose runs"
			description={`Up to ${MOST_COMPARED} of one dataset; the first is the reference.`}
			className="max-w-xl"
		>
			{/* Only while it is open, so that it starts from what is compared each time. */}
			<Choices {...props} onDone={() => onOpenChange(false)} />
		</Dialog>
	);
}

interface ChoicesProps extends Omit<RunChooserProps, "open" | "onOpenChange"> {
	onDone: () => void;
}

function Choices({ chosen, dataset: given, onChoose, onDone }: ChoicesProps) {
	const trpc = useTRPC();
	const [ticked, setTicked] = useState<string[]>([...chosen]);
	const [words, setWords] = useState("");
	const datasets = useQuery(trpc.datasets.list.queryOptions());
	const [wanted, setDataset] = useState(given);
	const dataset = wanted || datasets.data?.find(({ status }) => status === "ready")?.name || "";
	const query = useQuery({
		...trpc.runs.list.queryOptions({ dataset: [dataset], status: ["succeeded"], limit: LISTED }),
		enabled: dataset !== "",
		placeholderData: keepPreviousData,
	});
	const found = (query.data?.rows ?? []).filter((run) => words === "" || matchWords(searchText(run), words) > 0);
	const isFull = ticked.length >= MOST_COMPARED;
	const toggle = (id: string) =>
		setTicked((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));
	return (
		<div className="space-y-3">
			<div className="flex flex-wrap gap-2">
				<Select
					aria-label="Dataset"
					className="w-full sm:w-52"
					value={dataset}
					onChange={({ target }) => {
						setDataset(target.value);
						setTicked([]);
					}}
				>
					{(datasets.data ?? []).map(({ name }) => (
						<option key={name}>{name}</option>
					))}
				</Select>
				<span className="relative min-w-40 flex-1">
					<Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-faint" />
					<Input
						type="search"
						aria-label="Search runs"
						placeholder="Method, preset, seed, id"
						className="pl-8"
						value={words}
						onChange={({ target }) => setWords(target.value)}
					/>
				</span>
			</div>
			{query.isError || datasets.isError ? (
				<ErrorState
					title="The runs could not be read."
					message={query.error?.message ?? datasets.error?.message}
					actions={<Button onClick={() => void Promise.all([datasets.refetch(), query.refetch()])}>Try again</Button>}
				/>
			) : null}
			{query.isPending && dataset !== "" ? (
				<div aria-busy className="space-y-2">
					{["a", "b", "c", "d", "e"].map((row) => (
						<Skeleton key={row} className="h-11" />
					))}
				</div>
			) : null}
			{(query.isSuccess && found.length === 0) || (datasets.isSuccess && dataset === "") ? (
				<EmptyState title={words === "" ? "No run has succeeded here yet" : "No run by that name"} className="py-8">
					{words === ""
						? "Launch one, or choose another dataset."
						: `The newest ${LISTED} of this dataset were searched.`}
				</EmptyState>
			) : null}
			{found.length > 0 ? (
				<ul className="max-h-[44dvh] overflow-y-auto rounded-md border">
					{found.map((run) => (
						<RunChoice
							key={run.id}
							run={run}
							place={ticked.indexOf(run.id)}
							disabled={isFull && !ticked.includes(run.id)}
							onToggle={() => toggle(run.id)}
						/>
					))}
				</ul>
			) : null}
			<div className="flex flex-wrap items-center justify-between gap-2">
				<p className="text-xs text-ink-faint" aria-live="polite">
					{isFull ? `${MOST_COMPARED} are chosen, which is the most.` : `${ticked.length} chosen`}
				</p>
				<Button
					variant="primary"
					disabled={ticked.length === 0}
					onClick={() => {
						onChoose(ticked);
						onDone();
					}}
				>
					{ticked.length < 2 ? "Compare" : `Compare ${ticked.length} runs`}
				</Button>
			</div>
		</div>
	);
}

interface RunChoiceProps {
	run: RunRow;
	/** Place among the ticked; -1 for one that is not. */
	place: number;
	disabled: boolean;
	onToggle: () => void;
}

function RunChoice({ run, place, disabled, onToggle }: RunChoiceProps) {
	const recall = Object.entries(run.metrics).find(([name]) => name.startsWith("recall@"));
	return (
		<li className="border-b last:border-b-0">
			<label className={cn("flex items-center gap-3 px-3 py-2 text-sm hover:bg-hover", disabled && "opacity-55")}>
				<input
					type="checkbox"
					checked={place !== -1}
					disabled={disabled}
					onChange={onToggle}
					className="size-4 shrink-0 accent-accent"
				/>
				<span className="min-w-0 flex-1">
					<span className="flex items-center gap-1.5">
						<MethodMarker method={run.method} />
						<span className="truncate">{runName(run)}</span>
						{place === 0 ? <span className="shrink-0 text-xs text-ink-faint">reference</span> : null}
					</span>
					<span className="block truncate text-xs text-ink-faint">
						seed {run.seed} · {run.preset} · <span className="font-mono">{shortId(run.id)}</span> ·{" "}
						<RelativeTime at={run.createdAt} />
					</span>
				</span>
				{recall ? (
					<span className="shrink-0 text-right text-xs text-ink-muted tabular-nums">
						{formatMetric(recall[1].value)}
						<span className="block text-ink-faint">{recall[0].replace("recall", "Recall")}</span>
					</span>
				) : null}
			</label>
		</li>
	);
}

const searchText = (run: RunRow) => `${runName(run)} ${run.method} ${run.preset} seed ${run.seed} ${run.id}`;
