import type { ComponentProps, ReactNode } from "react";
import { cn } from "./class-names";

/** Scrolls sideways by itself, so that a wide table never widens the page. Give `className` a height to scroll in both. */
export function TableFrame({
	className,
	children,
	label,
}: {
	className?: string;
	children: ReactNode;
	label?: string;
}) {
	return (
		<section
			aria-label={label}
			// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
			tabIndex={0}
			className={cn("relative overflow-auto rounded-md border bg-surface", className)}
		>
			{children}
		</section>
	);
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
				pinned && "left-0 z-20",
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
				pinned && "sticky left-0 z-[5]",
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
