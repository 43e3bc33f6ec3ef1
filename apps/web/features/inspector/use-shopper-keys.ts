"use client";
import { type RefObject, useEffect, useRef } from "react";

export interface ShopperKeys {
	/** By how many shoppers: 1 or -1. */
	onStep: (by: 1 | -1) => void;
	/** Holds the search field. */
	list: RefObject<HTMLElement | null>;
}

/** `j` and `k` step through the shoppers and `/` goes to their search, anywhere but in a field. */
export function useShopperKeys({ onStep, list }: ShopperKeys) {
	const step = useRef(onStep);
	step.current = onStep;
	useEffect(() => {
		const listen = (event: KeyboardEvent) => {
			if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isBusy(event.target)) return;
			if (event.key === "j") step.current(1);
			else if (event.key === "k") step.current(-1);
			else if (event.key === "/") {
				event.preventDefault();
				list.current?.querySelector("input")?.focus();
			}
		};
		window.addEventListener("keydown", listen);
		return () => window.removeEventListener("keydown", listen);
	}, [list]);
}

/** Something is being typed, or a dialog is open over the page. */
function isBusy(target: EventTarget | null): boolean {
	return (
		target instanceof Element && target.closest("input, textarea, select, [contenteditable], [role=dialog]") !== null
	);
}
