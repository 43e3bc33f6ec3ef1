import { ChevronDown } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./class-names";

const control =
	"w-full rounded-md border border-line-strong bg-surface text-sm text-ink placeholder:text-ink-faint disabled:opacity-50 aria-invalid:border-failed";

export function Input({ className, ...rest }: ComponentProps<"input">) {
	return <input className={cn(control, "h-8 px-2.5", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
	return <textarea className={cn(control, "min-h-20 px-2.5 py-1.5", className)} {...rest} />;
}

/** The platform's own select, so that phones and assistive technology show theirs. */
export function Select({ className, children, ...rest }: ComponentProps<"select">) {
	return (
		<span className={cn("relative inline-block", className)}>
			<select className={cn(control, "h-8 appearance-none truncate pr-8 pl-2.5")} {...rest}>
				{children}
			</select>
			<ChevronDown aria-hidden className="pointer-events-none absolute top-2 right-2.5 size-4 text-ink-faint" />
		</span>
	);
}

export interface CheckboxProps extends Omit<ComponentProps<"input">, "type"> {
	label: ReactNode;
	/** A second, quieter line. */
	hint?: ReactNode;
}

export function Checkbox({ label, hint, className, disabled, ...rest }: CheckboxProps) {
	return (
		<label className={cn("flex items-start gap-2.5 text-sm", disabled ? "opacity-55" : "cursor-pointer", className)}>
			<input type="checkbox" disabled={disabled} className="mt-0.5 size-4 shrink-0 accent-accent" {...rest} />
			<span className="min-w-0">
				<span className="block">{label}</span>
				{hint ? <span className="block text-xs text-ink-faint">{hint}</span> : null}
			</span>
		</label>
	);
}

export interface FieldProps {
	label: string;
	htmlFor: string;
	hint?: ReactNode;
	/** Replaces the hint and is announced. */
	error?: string | null;
	children: ReactNode;
	className?: string;
}

export function Field({ label, htmlFor, hint, error, children, className }: FieldProps) {
	return (
		<div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
			<label htmlFor={htmlFor} className="text-sm font-medium">
				{label}
			</label>
			{children}
			{error ? (
				<p role="alert" className="text-xs text-failed">
					{error}
				</p>
			) : hint ? (
				<p className="text-xs text-ink-faint">{hint}</p>
			) : null}
		</div>
	);
}
