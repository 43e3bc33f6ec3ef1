"use client";
import "./globals.css";

/** When even the frame of the page fails: nothing of ours is around it, no theme and no fonts. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
	return (
		<html lang="en">
			<body className="font-sans">
				<main className="mx-auto max-w-lg space-y-3 px-6 py-24 text-sm">
					<h1 className="text-xl font-semibold">The console could not be shown</h1>
					<p>
						Nothing on the server was changed; runs and imports go on. The console's log has the whole error
						{error.digest ? ` under the id ${error.digest}` : ""}.
					</p>
					<p className="flex gap-4">
						<button type="button" className="underline" onClick={reset}>
							Try again
						</button>
						<a href="/" className="underline">
							Go to Overview
						</a>
					</p>
				</main>
			</body>
		</html>
	);
}
