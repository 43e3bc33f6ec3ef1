"use client";
import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./button";
import { cn } from "./class-names";

export interface SheetProps {
	open: boolean;
	onOpenChange: (open: boolean) => void;
	title: string;
	/** Beside the close button: usually a link to the full page. */
	actions?: ReactNode;
	side?: "left" | "right";
	/** Hides the heading from sight, keeping it for screen readers. */
	bare?: boolean;
	children: ReactNode;
	className?: string;
}

/** A panel from the side: the peek panel of a table's row, and the navigation on narrow screens. */
export function Sheet({ open, onOpenChange, title, actions, side = "right", bare, children, className }: SheetProps) {
	return (
		<Primitive.Root open={open} onOpenChange={onOpenChange}>
			<Primitive.Portal>
				<Primitive.Overlay className="fixed inset-0 z-40 bg-scrim" />
				<Primitive.Content
					aria-describedby={undefined}
					className={cn(
						"fixed inset-y-0 z-50 flex w-[min(100vw,34rem)] flex-col bg-raised shadow-float focus:outline-none",
						side === "right" ? "right-0 animate-slide border-l" : "left-0 animate-enter border-r",
						className,
					)}
				>
					{bare ? (
						<Primitive.Title className="sr-only">{title}</Primitive.Title>
					) : (
						<header className="flex h-14 shrink-0 items-center gap-2 border-b px-5">
							<Primitive.Title className="min-w-0 flex-1 truncate text-lg font-semibold">{title}</Primitive.Title>
							{actions}
							<Primitive.Close asChild>
								<IconButton label="Close" className="-mr-2">
									<X />
								</IconButton>
							</Primitive.Close>
						</header>
					)}
					<div
						// What scrolls must be reachable by keyboard; a bare sheet's own links are.
						tabIndex={bare ? undefined : 0}
						className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
					>
						{children}
					</div>
				</Primitive.Content>
			</Primitive.Portal>
		</Primitive.Root>
	);
}
