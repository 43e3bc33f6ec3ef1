"use client";
import { visibleLines } from "@atelier/core";
import { Button, CopyButton, formatCount } from "@atelier/ui";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { cutNumbers, type PromptStretch, preparePrompt } from "./prepare-prompt";
import { Step } from "./step";

/** Names of the parts and the hue of each one's tint, in degrees; the name always stands beside it. */
const PARTS: Record<NonNullable<PromptStretch["part"]>, { name: string; hue: number }> = {
	preface: { name: "Preface", hue: 285 },
	instruction: { name: "Instruction", hue: 265 },
	task: { name: "Task description", hue: 265 },
	execution: { name: "Execution requirement", hue: 230 },
	format: { name: "Format indicator", hue: 195 },
	history: { name: "Input: history", hue: 80 },
	candidates: { name: "Input: candidates", hue: 40 },
};

export interface PromptSectionProps {
	number: number;
	prompt: string;
	/** Id of the ground truth, marked among the candidates. */
	truth: number;
}

/** The prompt as the model read it, part by part. */
export function PromptSection({ number, prompt, truth }: PromptSectionProps) {
	const [open, setOpen] = useState(true);
	const id = useId();
	return (
		<Step
			number={number}
			title="Prompt"
			description={`${formatCount(prompt.length)} characters, as the model read them.`}
			actions={
				<span className="flex shrink-0 items-center gap-1">
					<CopyButton text={prompt} label="Copy the prompt" />
					<Button variant="quiet" size="sm" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
						{open ? <ChevronDown /> : <ChevronRight />} {open ? "Collapse" : "Show"}
					</Button>
				</span>
			}
		>
			<div id={id} hidden={!open} className="space-y-1 font-mono text-xs">
				{placed(preparePrompt(prompt)).map(({ at, stretch }) => (
					<Stretch key={at} stretch={stretch} truth={truth} />
				))}
			</div>
		</Step>
	);
}

/** Stretches with their offsets, without the blanks between parts. */
function placed(stretches: readonly PromptStretch[]): { at: number; stretch: PromptStretch }[] {
	let at = 0;
	return stretches.flatMap((stretch) => {
		const start = at;
		at += stretch.text.length;
		return stretch.text.trim() === "" ? [] : [{ at: start, stretch }];
	});
}

function Stretch({ stretch: { part, text }, truth }: { stretch: PromptStretch; truth: number }) {
	if (part === null) {
		return <p className="pt-1 text-ink-faint sm:pl-40">{text.trim()}</p>;
	}
	const { name, hue } = PARTS[part];
	return (
		<div className="grid gap-x-4 sm:grid-cols-[9rem_minmax(0,1fr)]">
			<p className="py-1 font-sans text-ink-muted sm:text-right">{name}</p>
			<p
				className="rounded-sm px-2 py-1 leading-5 break-words whitespace-pre-wrap"
				style={{ background: `color-mix(in oklab, oklch(0.62 0.14 ${hue}) 13%, var(--surface))` }}
			>
				{part === "candidates" ? (
					<MarkedIds text={visibleLines(text)} truth={truth} />
				) : (
					<bdi>{visibleLines(text)}</bdi>
				)}
			</p>
		</div>
	);
}

export function MarkedIds({ text, truth }: { text: string; truth: number }) {
	return cutNumbers(text).map(({ text: piece, number }, index) =>
		number === truth ? (
			<mark
				// biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text stay in their places
				key={index}
				title="What the shopper bought"
				className="rounded-sm bg-succeeded-soft px-0.5 font-semibold text-succeeded underline"
			>
				{piece}
			</mark>
		) : (
			piece
		),
	);
}
