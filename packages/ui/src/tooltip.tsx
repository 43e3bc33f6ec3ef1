"use client";
import { Tooltip as Primitive } from "radix-ui";
import type { ReactNode } from "react";

export const TooltipProvider = Primitive.Provider;

export interface TooltipProps {
	content: ReactNode;
	/** One focusable element. */
	children: ReactNode;
	side?: "top" | "right" | "bottom" | "left";
}

export function Tooltip({ content, children, side = "top" }: TooltipProps) {
	return (
		<Primitive.Root>
			<Primitive.Trigger asChild>{children}</Primitive.Trigger>
			<Primitive.Portal>
				<Primitive.Content
					side={side}
					sideOffset={6}
					collisionPadding={8}
					className="z-50 max-w-xs animate-enter rounded-md border bg-raised px-2.5 py-1.5 text-xs text-ink shadow-float"
				>
					{content}
				</Primitive.Content>
			</Primitive.Portal>
		</Primitive.Root>
	);
}
