"use client";
import { Checkbox } from "@atelier/ui";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";

export interface ChoiceGroupProps {
	legend: string;
	/** Beside the legend while the group is closed: what is chosen, in words. */
	summary: string;
	/** Whether it begins open; from then on it is as it was left. */
	open: boolean;
	hint?: ReactNode;
	choices: readonly { name: string; label: ReactNode; hint?: ReactNode }[];
	chosen: readonly string[];
	onToggle: (name: string, on: boolean) => void;
}

/** Boxes behind a line that says what is ticked, for choices that most launches leave as they are. */
export function ChoiceGroup({ legend, summary, open, hint, choices, chosen, onToggle }: ChoiceGroupProps) {
	const [isOpen, setIsOpen] = useState(open);
	return (
		<details open={isOpen} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)} className="group/choice">
			<summary className="flex list-none items-baseline gap-1.5 text-sm [&::-webkit-details-marker]:hidden">
				<ChevronRight
					aria-hidden
					className="size-3.5 shrink-0 self-center text-ink-faint transition-transform duration-150 group-open/choice:rotate-90"
				/>
				<span className="font-medium">{legend}</span>
				<span className="ml-auto min-w-0 truncate text-xs text-ink-faint group-open/choice:invisible">{summary}</span>
			</summary>
			<fieldset className="mt-2 space-y-2.5 pl-5">
				<legend className="sr-only">{legend}</legend>
				{choices.map(({ name, label, hint: note }) => (
					<Checkbox
						key={name}
						checked={chosen.includes(name)}
						onChange={({ target }) => onToggle(name, target.checked)}
						label={label}
						hint={note}
					/>
				))}
				{hint ? <p className="text-xs text-ink-faint">{hint}</p> : null}
			</fieldset>
		</details>
	);
}
