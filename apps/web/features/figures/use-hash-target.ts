import { useEffect } from "react";

const TAKEN_OVER = ["wheel", "pointerdown", "keydown"] as const;

/** Keeps what the address's hash names in view while the page grows above it, until the reader takes over. */
export function useHashTarget(): void {
	useEffect(() => {
		const target = document.getElementById(window.location.hash.slice(1));
		if (target === null) return;
		const observer = new ResizeObserver(() => target.scrollIntoView());
		const stop = () => observer.disconnect();
		observer.observe(document.body);
		for (const event of TAKEN_OVER) window.addEventListener(event, stop, { once: true });
		return () => {
			stop();
			for (const event of TAKEN_OVER) window.removeEventListener(event, stop);
		};
	}, []);
}
