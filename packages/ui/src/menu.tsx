"use client";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./class-names";

export interface MenuProps {
	/** The button that opens it. */
	trigger: ReactNode;
	children: ReactNode;
	align?: "start" | "end";
}

export function Menu({ trigger, children, align = "end" }: MenuProps) {
	return (
		<Primitive.Root>
			<Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
			<Primitive.Portal>
				<Primitive.Content
					align={align}
					sideOffset={6}
					className="z-50 min-w-44 animate-enter rounded-md border bg-raised p-1 text-sm shadow-float"
				>
					{children}
				</Primitive.Content>
			</Primitive.Portal>
		</Primitive.Root>
	);
}

export interface MenuItemProps {
	icon?: ReactNode;
	danger?: boolean;
	disabled?: boolean;
	onSelect: () => void;
	children: ReactNode;
}

export function MenuItem({ icon, danger, disabled, onSelect, children }: MenuItemProps) {
	return (
		<Primitive.Item
			disabled={disabled}
			onSelect={onSelect}
			className={cn(
				"flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover [&_svg]:size-4",
				danger && "text-failed",
			)}
		>
			{icon}
			{children}
		</Primitive.Item>
	);
}

export function MenuLabel({ children }: { children: ReactNode }) {
	return <Primitive.Label className="px-2 py-1.5 text-xs text-ink-faint">{children}</Primitive.Label>;
}

export function MenuSeparator() {
	return <Primitive.Separator className="-mx-1 my-1 h-px bg-line" />;
}
