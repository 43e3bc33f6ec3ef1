"use client";
import { Spinner } from "@atelier/ui";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

const AGAIN_MS = 1_500;

/** In the place of a page that was opened while the record is away; becomes that page by itself. */
export function RecordAwayPage() {
	const router = useRouter();
	useEffect(() => {
		const timer = setInterval(async () => {
			// Asked first: a refresh that meets no console leaves this page for the browser's own error.
			const answer = await fetch("/sign-in", { method: "HEAD", redirect: "manual" }).catch(() => null);
			if (answer !== null) router.refresh();
		}, AGAIN_MS);
		return () => clearInterval(timer);
	}, [router]);
	return (
		<main role="status" className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5 py-16">
			<div className="flex items-center gap-2.5 [&_svg]:size-4">
				<Spinner />
				<h1 className="text-lg font-semibold tracking-tight">The record is restarting</h1>
			</div>
			<p className="mt-2 text-sm text-ink-muted">Nothing is lost; this page tries again by itself.</p>
		</main>
	);
}
