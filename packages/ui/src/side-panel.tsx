"use client";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import { IconButton } from "./button";
import { Sheet } from "./sheet";

export interface SidePanelProps {
	open: boolean;
	onClose: () => void;
	title: string;
	actions?: ReactNode;
	children: ReactNode;
}

/** From here on there is room for a panel beside a table. */
const WIDE = "(min-width: 1280px)";

/** What a table's cell or row is about: beside the table where there is room, so that both can be read; else over it. */
export function SidePanel({ open, onClose, title, actions, children }: SidePanelProps) {
	const isWide = useIsWide();
	useEffect(() => {
		if (!open || !isWide) return;
		const onKey = (event: KeyboardEvent) => {
			// A menu or dialog above it closes first.
			if (event.key === "Escape" && !event.defaultPrevented) onClose();
		};
		window.addEventListener("keydown", onKey);
		return () => window.removeEventListener("keydown", onKey);
	}, [open, isWide, onClose]);
	if (!isWide) {
		return (
			<Sheet open={open} onOpenChange={(isOpen) => isOpen || onClose()} title={title} actions={actions}>
				{children}
			</Sheet>
		);
	}
	if (!open) return null;
	return (
		<aside
			aria-label={title}
			className="sticky top-20 flex max-h-[calc(100dvh-6.5rem)] w-116 shrink-0 animate-slide flex-col self-start rounded-md border bg-surface"
		>
			<header className="flex h-12 shrink-0 items-center gap-2 border-b px-4">
				<h2 className="min-w-0 flex-1 truncate text-base font-semibold">{title}</h2>
				{actions}
				<IconButton label="Close" className="-mr-2" onClick={onClose}>
					<X />
				</IconButton>
			</header>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
			<div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto -outline-offset-2">
				{children}
			</div>
		</aside>
	);
}

function useIsWide(): boolean {
	return useSyncExternalStore(
		(onChange) => {
			const query = window.matchMedia(WIDE);
			query.addEventListener("change", onChange);
			return () => query.removeEventListener("change", onChange);
		},
		() => window.matchMedia(WIDE).matches,
		() => true,
	);
}
