"use client";
import { type ComponentProps, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { cn } from "./class-names";

export interface TableFrameProps {
	className?: string;
	children: ReactNode;
	label?: string;
}

/**
 * Scrolls sideways by itself, so that a wide table never widens the page, and shows by a shadow on which side there is
 * more. Give `className` a height to scroll in both.
 */
export function TableFrame({ className, children, label }: TableFrameProps) {
	const frame = useRef<HTMLElement>(null);
	const { before, after, scrolls } = useHidden(frame);
	return (
		<div className="relative">
			<section
				ref={frame}
				aria-label={label}
				data-scrolled={before || undefined}
				// A region that scrolls must be reachable by keyboard, one that does not is no stop on the way.
				tabIndex={scrolls ? 0 : undefined}
				className={cn("group/frame relative overflow-auto rounded-md border bg-surface", className)}
			>
				{children}
			</section>
			{after ? (
				<span
					aria-hidden
					className="pointer-events-none absolute inset-y-px right-px z-20 w-8 rounded-r-md bg-linear-to-l from-ink/15 to-transparent"
				/>
			) : null}
		</div>
	);
}

interface Hidden {
	/** Something is hidden before its left edge. */
	before: boolean;
	/** Something is hidden after its right edge. */
	after: boolean;
	/** It can be scrolled in either direction. */
	scrolls: boolean;
}

/** What an element that may scroll does not show of its content. */
function useHidden(frame: RefObject<HTMLElement | null>): Hidden {
	const [hidden, setHidden] = useState<Hidden>({ before: false, after: false, scrolls: false });
	useEffect(() => {
		const element = frame.current;
		if (element === null) return;
		const look = () => {
			const before = element.scrollLeft > 0;
			// A pixel's leeway: widths are rounded, scroll positions are not.
			const after = element.scrollLeft + element.clientWidth < element.scrollWidth - 1;
			const scrolls = before || after || element.scrollHeight > element.clientHeight + 1;
			setHidden((last) =>
				last.before === before && last.after === after && last.scrolls === scrolls ? last : { before, after, scrolls },
			);
		};
		look();
		const observer = new ResizeObserver(look);
		observer.observe(element);
		for (const child of element.children) observer.observe(child);
		element.addEventListener("scroll", look, { passive: true });
		return () => {
			observer.disconnect();
			element.removeEventListener("scroll", look);
		};
	}, [frame]);
	return hidden;
}

export function Table({ className, ...rest }: ComponentProps<"table">) {
	return <table className={cn("w-full border-separate border-spacing-0 text-sm", className)} {...rest} />;
}

interface CellProps {
	/** Right-aligned with tabular figures. */
	numeric?: boolean;
	/** Stays in view when the table scrolls sideways: the first column. */
	pinned?: boolean;
}

export function Th({ numeric, pinned, className, ...rest }: ComponentProps<"th"> & CellProps) {
	return (
		<th
			scope="col"
			className={cn(
				"sticky top-0 z-10 h-9 border-b bg-surface px-3 text-xs font-medium whitespace-nowrap text-ink-faint",
				numeric ? "text-right" : "text-left",
				pinned && "left-0 z-20 group-data-[scrolled]/frame:shadow-[inset_-1px_0_0_var(--line-strong)]",
				className,
			)}
			{...rest}
		/>
	);
}

export function Td({ numeric, pinned, className, ...rest }: ComponentProps<"td"> & CellProps) {
	return (
		<td
			className={cn(
				"h-10 border-b bg-surface px-3 align-middle group-last/row:border-b-0 group-hover/row:bg-hover group-data-[selected=true]/row:bg-accent-soft",
				numeric && "text-right tabular-nums",
				pinned && "sticky left-0 z-[5] group-data-[scrolled]/frame:shadow-[inset_-1px_0_0_var(--line-strong)]",
				className,
			)}
			{...rest}
		/>
	);
}

export interface TrProps extends ComponentProps<"tr"> {
	selected?: boolean;
}

export function Tr({ selected, className, onClick, ...rest }: TrProps) {
	return (
		<tr
			data-selected={selected || undefined}
			onClick={onClick}
			className={cn("group/row", onClick && "cursor-pointer", className)}
			{...rest}
		/>
	);
}

/** A missing value: a dash that says on hover why there is none. */
export function Missing({ reason }: { reason: string }) {
	return (
		<span title={reason} className="text-ink-faint">
			<span aria-hidden>–</span>
			<span className="sr-only">{reason}</span>
		</span>
	);
}
