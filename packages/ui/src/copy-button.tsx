"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./button";

export interface CopyButtonProps {
	text: string;
	/** What is copied, as in `Copy run id`. */
	label: string;
	className?: string;
}

export function CopyButton({ text, label, className }: CopyButtonProps) {
	const [copied, setCopied] = useState(false);
	useEffect(() => {
		if (!copied) return;
		const timer = setTimeout(() => setCopied(false), 1500);
		return () => clearTimeout(timer);
	}, [copied]);
	return (
		<IconButton
			label={copied ? "Copied" : label}
			size="sm"
			className={className}
			onClick={(event) => {
				event.stopPropagation();
				navigator.clipboard.writeText(text).then(
					() => setCopied(true),
					() => setCopied(false),
				);
			}}
		>
			{copied ? <Check className="text-succeeded" /> : <Copy />}
		</IconButton>
	);
}
