"use client";
import { Dialog } from "@atelier/ui";
import { useEffect } from "react";

const SHORTCUTS: readonly { keys: readonly string[]; does: string; where: string }[] = [
	{ keys: ["⌘K", "Ctrl K"], does: "Jump to a page, a dataset, a run or a slice", where: "everywhere" },
	{ keys: ["?"], does: "Show these shortcuts", where: "everywhere" },
	{ keys: ["Esc"], does: "Close a panel, a menu or a dialog", where: "everywhere" },
	{ keys: ["⌘ click", "Ctrl click"], does: "Open a row's page in a new tab", where: "tables" },
	{ keys: ["↓", "↑"], does: "Step through completions, and take one by Tab or Enter", where: "slices" },
	{ keys: ["Enter"], does: "Apply the slice", where: "slices" },
	{ keys: ["↓", "↑"], does: "Step through shoppers", where: "inspector" },
];

export interface ShortcutsDialogProps {
	open: boolean;
	onOpenChange: (open: boolean) => void;
}

/** `?`: what can be done by keyboard. */
export function ShortcutsDialog({ open, onOpenChange }: ShortcutsDialogProps) {
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (event.key !== "?" || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
			event.preventDefault();
			onOpenChange(true);
		};
		window.addEventListener("keydown", onKey);
		return () => window.removeEventListener("keydown", onKey);
	}, [onOpenChange]);
	return (
		<Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
			<dl className="text-sm">
				{SHORTCUTS.map(({ keys, does, where }) => (
					<div
						key={`${where} ${does}`}
						className="flex items-baseline justify-between gap-4 border-b py-2 last:border-b-0"
					>
						<dt className="shrink-0 space-x-1">
							{keys.map((key) => (
								<kbd
									key={key}
									className="rounded-sm border border-line-strong bg-sunken px-1.5 py-0.5 font-sans text-xs"
								>
									{key}
								</kbd>
							))}
						</dt>
						<dd className="text-right">
							{does} <span className="text-ink-faint">{where}</span>
						</dd>
					</div>
				))}
			</dl>
		</Dialog>
	);
}

/** Where a question mark is text. */
function isTyping(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
