import { Button } from "@atelier/ui";
import type { Metadata } from "next";
import Link from "next/link";
import { BackButton } from "~/features/frame/back-button";

export const metadata: Metadata = { title: "No such page" };

export default function NotFound() {
	return (
		<main className="mx-auto flex max-w-lg flex-col items-center gap-2 px-6 py-24 text-center">
			<h1 className="text-xl font-semibold">There is no such page</h1>
			<p className="text-sm text-balance text-ink-muted">
				The address may be from another version, or what it named was removed.
			</p>
			<div className="mt-3 flex flex-wrap justify-center gap-2">
				<BackButton />
				<Button asChild variant="primary">
					<Link href="/">Go to Overview</Link>
				</Button>
			</div>
		</main>
	);
}
