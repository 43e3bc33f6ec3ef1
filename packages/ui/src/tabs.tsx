"use client";
import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./class-names";

export interface TabItem<Value extends string> {
	value: Value;
	label: string;
	/** Shown beside the label. */
	count?: ReactNode;
}

export interface TabsProps<Value extends string> {
	items: readonly TabItem<Value>[];
	value: Value;
	onChange: (value: Value) => void;
	label: string;
	children: ReactNode;
}

export function Tabs<Value extends string>({ items, value, onChange, label, children }: TabsProps<Value>) {
	const choose = (next: string) => {
		const item = items.find((candidate) => candidate.value === next);
		if (item) onChange(item.value);
	};
	return (
		<Primitive.Root value={value} onValueChange={choose}>
			<Primitive.List aria-label={label} className="mb-5 flex gap-5 overflow-x-auto border-b">
				{items.map((item) => (
					<Primitive.Trigger
						key={item.value}
						value={item.value}
						className="-mb-px h-9 border-b-2 border-transparent text-sm font-medium whitespace-nowrap text-ink-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
					>
						{item.label}
						{item.count === undefined ? null : (
							<span className="ml-1.5 text-xs font-normal text-ink-faint tabular-nums">{item.count}</span>
						)}
					</Primitive.Trigger>
				))}
			</Primitive.List>
			{children}
		</Primitive.Root>
	);
}

export function TabPanel({ value, children, className }: { value: string; children: ReactNode; className?: string }) {
	return (
		<Primitive.Content value={value} className={cn("focus-visible:outline-offset-4", className)}>
			{children}
		</Primitive.Content>
	);
}
