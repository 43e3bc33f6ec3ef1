"use client";
import { parseSlice, printSlice, SliceError, type SliceProblem } from "@atelier/core";
import { cn, IconButton } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { Filter, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTRPC } from "~/trpc/client";
import { type Completion, completed, completionsAt } from "./complete-slice";
import { SliceMenu } from "./slice-menu";

export interface SliceFieldProps {
	/** Whose attributes and values are offered; empty while none is chosen. */
	dataset: string;
	/** As it is applied. */
	slice: string;
	onSlice: (slice: string) => void;
	className?: string;
}

/** A slice as text, with completion, and with the reader's own words at the place that it cannot read. Enter applies it. */
export function SliceField({ dataset, slice, onSlice, className }: SliceFieldProps) {
	const trpc = useTRPC();
	const id = useId();
	const input = useRef<HTMLInputElement>(null);
	const [text, setText] = useState(slice);
	const [cursor, setCursor] = useState(0);
	const [isOpen, setOpen] = useState(false);
	const [at, setAt] = useState(-1);
	const attributes = useQuery({ ...trpc.slices.attributes.queryOptions({ dataset }), enabled: dataset !== "" });
	const check = useQuery({
		...trpc.slices.check.queryOptions({ dataset, text: slice }),
		enabled: dataset !== "" && slice !== "",
	});
	// A link, Back or a choice elsewhere changes what is applied.
	useEffect(() => setText(slice), [slice]);

	const typed = problemOf(text);
	const problem = typed ?? (text === slice ? (check.data?.problem ?? null) : null);
	const completions = completionsAt(text, cursor, attributes.data?.attributes ?? []);
	const options = isOpen ? completions.options : [];
	const apply = (next: string) => {
		setOpen(false);
		if (problemOf(next) === null) onSlice(printSlice(parseSlice(next)));
	};
	const take = (option: Completion) => {
		const next = completed(text, completions, option);
		setText(next.text);
		setAt(-1);
		requestAnimationFrame(() => {
			input.current?.focus();
			input.current?.setSelectionRange(next.cursor, next.cursor);
			setCursor(next.cursor);
		});
	};
	const onKeyDown = (event: KeyboardEvent) => {
		const chosen = options[at];
		if (event.key === "ArrowDown" || event.key === "ArrowUp") {
			event.preventDefault();
			setOpen(true);
			if (options.length > 0)
				setAt((place) => (place + (event.key === "ArrowDown" ? 1 : options.length)) % options.length);
		} else if (event.key === "Tab" && !event.shiftKey && chosen) {
			event.preventDefault();
			take(chosen);
		} else if (event.key === "Enter") {
			event.preventDefault();
			if (chosen) take(chosen);
			else apply(text);
		} else if (event.key === "Escape" && options.length > 0) {
			event.stopPropagation();
			setOpen(false);
		}
	};
	const follow = () => setCursor(input.current?.selectionStart ?? 0);
	return (
		<div className={cn("min-w-0", className)}>
			<div className="flex items-start gap-1">
				<div className="relative min-w-0 flex-1">
					<Filter aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-faint" />
					<input
						ref={input}
						type="text"
						role="combobox"
						aria-label="Slice"
						aria-expanded={options.length > 0}
						aria-controls={`${id}-options`}
						aria-autocomplete="list"
						aria-activedescendant={at >= 0 && options.length > 0 ? `${id}-${at}` : undefined}
						aria-invalid={problem !== null}
						aria-describedby={problem === null ? undefined : `${id}-problem`}
						autoComplete="off"
						spellCheck={false}
						placeholder="all shoppers, or: cold and history >= 5"
						className="h-8 w-full rounded-md border border-line-strong bg-surface pr-2 pl-8 font-mono text-xs text-ink placeholder:font-sans placeholder:text-ink-faint aria-invalid:border-failed"
						value={text}
						onChange={({ target }) => {
							setText(target.value);
							setCursor(target.selectionStart ?? target.value.length);
							setOpen(true);
							setAt(-1);
						}}
						onKeyDown={onKeyDown}
						onKeyUp={follow}
						onClick={() => {
							follow();
							setOpen(true);
						}}
						onBlur={() => {
							setOpen(false);
							if (text !== slice) apply(text);
						}}
					/>
					{options.length > 0 ? (
						<div
							id={`${id}-options`}
							role="listbox"
							aria-label="What may stand here"
							className="absolute top-9 left-0 z-30 max-h-72 w-full min-w-64 overflow-y-auto rounded-md border bg-raised p-1 text-sm shadow-float"
						>
							{options.map((option, place) => (
								<div
									key={option.text}
									id={`${id}-${place}`}
									role="option"
									aria-selected={place === at}
									tabIndex={-1}
									// Before the field loses its focus, which would apply what stands in it.
									onPointerDown={(event) => {
										event.preventDefault();
										take(option);
									}}
									className={cn(
										"flex h-7 cursor-pointer items-center justify-between gap-4 rounded-sm px-2 hover:bg-hover",
										place === at && "bg-hover",
									)}
								>
									<span className="truncate font-mono text-xs">{option.text}</span>
									<span className="truncate text-xs text-ink-faint">{option.note}</span>
								</div>
							))}
						</div>
					) : null}
				</div>
				{text === "" ? null : (
					<IconButton
						label="All shoppers"
						onClick={() => {
							setText("");
							onSlice("");
						}}
					>
						<X />
					</IconButton>
				)}
				<SliceMenu slice={slice} ready={attributes.data?.ready ?? []} onSlice={onSlice} />
			</div>
			{problem === null || isOpenAtEnd(problem, text, isOpen) ? null : (
				<Problem id={`${id}-problem`} text={text} problem={problem} onTake={setText} />
			)}
		</div>
	);
}

function problemOf(text: string): SliceProblem | null {
	try {
		parseSlice(text);
		return null;
	} catch (error) {
		if (error instanceof SliceError) return error.problem;
		throw error;
	}
}

/** While someone is still writing, that there is no end yet is no news. */
const isOpenAtEnd = ({ position }: SliceProblem, text: string, isOpen: boolean) =>
	isOpen && position >= text.trimEnd().length;

interface ProblemProps {
	id: string;
	text: string;
	problem: SliceProblem;
	onTake: (text: string) => void;
}

/** The text again with the place underlined, what is wrong there, and what would do, to take with a click. */
function Problem({ id, text, problem: { position, length, message, suggestions }, onTake }: ProblemProps) {
	const end = position + Math.max(1, length);
	return (
		<div id={id} role="alert" className="mt-1.5 space-y-1 text-xs text-failed">
			<p className="overflow-x-auto font-mono whitespace-pre">
				<span className="text-ink-muted">{text.slice(0, position)}</span>
				<span className="underline decoration-wavy underline-offset-3">{text.slice(position, end) || " "}</span>
				<span className="text-ink-muted">{text.slice(end)}</span>
			</p>
			<p>
				{message.charAt(0).toUpperCase() + message.slice(1)}{" "}
				{suggestions.map((suggestion) => (
					<button
						key={suggestion}
						type="button"
						className="mr-1 rounded-sm border border-line-strong bg-surface px-1 font-mono text-ink hover:bg-hover"
						onPointerDown={(event) => event.preventDefault()}
						onClick={() => onTake(text.slice(0, position) + suggestion + text.slice(position + length))}
					>
						{suggestion}
					</button>
				))}
			</p>
		</div>
	);
}
