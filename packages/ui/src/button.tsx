import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./class-names";
import { Spinner } from "./spinner";

const VARIANTS = {
	primary: "bg-accent text-on-accent hover:bg-accent-strong border-transparent",
	secondary: "bg-surface text-ink border-line-strong hover:bg-hover",
	quiet: "border-transparent bg-transparent text-ink-muted hover:bg-hover hover:text-ink",
	danger: "border-transparent bg-failed text-on-failed hover:opacity-90",
} as const;

const SIZES = { sm: "h-7 px-2 text-xs gap-1.5", md: "h-8 px-3 text-sm gap-2" } as const;

export interface ButtonProps extends ComponentProps<"button"> {
	variant?: keyof typeof VARIANTS;
	size?: keyof typeof SIZES;
	/** Shows a spinner and takes no clicks, keeping the width. */
	busy?: boolean;
	/** Renders the only child (a link) with the button's looks. */
	asChild?: boolean;
}

export function Button({
	variant = "secondary",
	size = "md",
	busy = false,
	asChild = false,
	className,
	children,
	disabled,
	...rest
}: ButtonProps) {
	const classes = cn(
		"inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap transition-colors duration-150 disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
		VARIANTS[variant],
		SIZES[size],
		className,
	);
	if (asChild) {
		return (
			<Slot.Root className={classes} {...rest}>
				{children}
			</Slot.Root>
		);
	}
	return (
		<button type="button" className={classes} disabled={disabled || busy} aria-busy={busy || undefined} {...rest}>
			{busy ? <Spinner /> : null}
			{children}
		</button>
	);
}

export interface IconButtonProps extends ComponentProps<"button"> {
	/** Said to screen readers and shown on hover. */
	label: string;
	size?: "sm" | "md";
}

export function IconButton({ label, size = "md", className, children, ...rest }: IconButtonProps) {
	return (
		<button
			type="button"
			aria-label={label}
			title={label}
			className={cn(
				"inline-flex shrink-0 items-center justify-center rounded-md text-ink-muted transition-colors duration-150 hover:bg-hover hover:text-ink disabled:opacity-50 [&_svg]:size-4",
				size === "md" ? "size-8" : "size-6",
				className,
			)}
			{...rest}
		>
			{children}
		</button>
	);
}
