"use client";
import { Input } from "@atelier/ui";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

const WAIT_MS = 250;

export interface SearchBoxProps {
	label: string;
	value: string;
	/** Called once typing pauses. */
	onChange: (value: string) => void;
}

export function SearchBox({ label, value, onChange }: SearchBoxProps) {
	const [typed, setTyped] = useState(value);
	const latest = useRef(onChange);
	latest.current = onChange;
	useEffect(() => setTyped(value), [value]);
	useEffect(() => {
		if (typed === value) return;
		const timer = setTimeout(() => latest.current(typed), WAIT_MS);
		return () => clearTimeout(timer);
	}, [typed, value]);
	return (
		<div className="relative w-full max-w-sm">
			<Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-faint" />
			<Input
				type="search"
				aria-label={label}
				placeholder={label}
				className="pl-8"
				value={typed}
				onChange={({ target }) => setTyped(target.value)}
			/>
		</div>
	);
}
