"use client";
import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { Button, IconButton } from "./button";
import { cn } from "./class-names";

export interface DialogProps {
	open: boolean;
	onOpenChange: (open: boolean) => void;
	title: string;
	description?: ReactNode;
	children?: ReactNode;
	footer?: ReactNode;
	/** Keeps the title for screen readers only and leaves the whole box to the children. */
	bare?: boolean;
	className?: string;
}

export function Dialog({ open, onOpenChange, title, description, children, footer, bare, className }: DialogProps) {
	return (
		<Primitive.Root open={open} onOpenChange={onOpenChange}>
			<Primitive.Portal>
				<Primitive.Overlay className="fixed inset-0 z-40 bg-scrim" />
				<Primitive.Content
					{...(description ? {} : { "aria-describedby": undefined })}
					className={cn(
						"fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 flex-col rounded-md border bg-raised shadow-float focus:outline-none",
						className,
					)}
				>
					{bare ? (
						<Primitive.Title className="sr-only">{title}</Primitive.Title>
					) : (
						<header className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
							<div className="min-w-0">
								<Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
								{description ? (
									<Primitive.Description className="mt-1 text-sm text-ink-muted">{description}</Primitive.Description>
								) : null}
							</div>
							<Primitive.Close asChild>
								<IconButton label="Close" className="-mt-1 -mr-2">
									<X />
								</IconButton>
							</Primitive.Close>
						</header>
					)}
					{bare ? children : null}
					{children && !bare ? <div className="min-h-0 overflow-y-auto px-5 pt-1 pb-5">{children}</div> : null}
					{footer ? (
						<footer className="flex flex-wrap items-center justify-end gap-2 border-t px-5 py-3">{footer}</footer>
					) : null}
				</Primitive.Content>
			</Primitive.Portal>
		</Primitive.Root>
	);
}

export interface ConfirmDialogProps {
	open: boolean;
	onOpenChange: (open: boolean) => void;
	title: string;
	/** What will happen, what is kept. */
	description: ReactNode;
	/** The verb and what it acts on: `Cancel run`. */
	action: string;
	onConfirm: () => void;
	busy?: boolean;
	/** It cannot be done now; the description says why. */
	disabled?: boolean;
	danger?: boolean;
	/** The way out; names the state that stays: `Keep running`. */
	dismiss?: string;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
	const {
		open,
		onOpenChange,
		title,
		description,
		action,
		onConfirm,
		busy,
		disabled,
		danger,
		dismiss = "Go back",
	} = props;
	return (
		<Dialog
			open={open}
			onOpenChange={onOpenChange}
			title={title}
			description={description}
			className="max-w-md"
			footer={
				<>
					<Button variant="quiet" onClick={() => onOpenChange(false)}>
						{dismiss}
					</Button>
					<Button variant={danger ? "danger" : "primary"} busy={busy} disabled={disabled} onClick={onConfirm}>
						{action}
					</Button>
				</>
			}
		/>
	);
}
