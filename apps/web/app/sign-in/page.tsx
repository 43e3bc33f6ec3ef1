import { CopyButton } from "@atelier/ui";
import { CircleAlert } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { RecordAwayPage } from "~/features/away/record-away-page";
import { prepareSignInProblem, type SearchParams } from "~/features/sign-in/prepare-sign-in-problem";
import { signedInUser } from "~/trpc/server";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
	const user = await signedInUser();
	if (user === "unknown") return <RecordAwayPage />;
	if (user !== null) redirect("/");
	const problem = prepareSignInProblem(await searchParams);
	const command = "npx atelier sign-in";
	return (
		<main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5 py-16">
			<h1 className="text-2xl font-semibold tracking-tight">Atelier</h1>
			<p className="mt-1 text-ink-muted">The research console for sequential fashion recommendation.</p>
			{problem ? (
				<p
					role="alert"
					className="mt-6 flex items-start gap-2.5 rounded-md bg-cancelled-soft px-3.5 py-2.5 text-sm text-cancelled"
				>
					<CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
					{problem}
				</p>
			) : null}
			<section className="mt-6 rounded-md border bg-surface p-5">
				<h2 className="font-semibold">Sign in with a one-time link</h2>
				<p className="mt-1 text-sm text-ink-muted">
					There is no password. <code className="font-mono text-xs">npm start</code> printed a link in the terminal in
					which Atelier runs. Open it in this browser.
				</p>
				<p className="mt-4 text-sm text-ink-muted">For a fresh link, run this in the checkout, on the same machine:</p>
				<div className="mt-2 flex items-center justify-between rounded-md border bg-sunken py-1.5 pr-1.5 pl-3">
					<code className="font-mono text-xs">{command}</code>
					<CopyButton text={command} label="Copy the command" />
				</div>
				<p className="mt-3 text-xs text-ink-faint">A link works once, within an hour.</p>
			</section>
		</main>
	);
}
