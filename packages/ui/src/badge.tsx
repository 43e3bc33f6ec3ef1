import type { ReactNode } from "react";
import { cn } from "./class-names";

const TONES = {
	neutral: "border-line text-ink-muted bg-sunken",
	accent: "border-transparent text-running bg-running-soft",
	good: "border-transparent text-succeeded bg-succeeded-soft",
	bad: "border-transparent text-failed bg-failed-soft",
	warn: "border-transparent text-cancelled bg-cancelled-soft",
} as const;
export type Tone = keyof typeof TONES;

export interface BadgeProps {
	tone?: Tone;
	/** Says more on hover. */
	title?: string;
	icon?: ReactNode;
	children: ReactNode;
	className?: string;
}

export function Badge({ tone = "neutral", title, icon, children, className }: BadgeProps) {
	return (
		<span
			title={title}
			className={cn(
				"inline-flex h-5 items-center align-middle gap-1 rounded-sm border px-1.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3.5",
				TONES[tone],
				className,
			)}
		>
			{icon}
			{children}
		</span>
	);
}
