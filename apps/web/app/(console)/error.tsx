"use client";
import { Button, ErrorState } from "@atelier/ui";

export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
	return (
		<>
			<h1 className="mb-4 text-xl font-semibold">Something went wrong</h1>
			<ErrorState
				title="This page could not be shown."
				message={error.message}
				kept="Nothing on the server was changed; runs and imports go on."
				advice="Try again. If it stays, the console's terminal has the whole error under the id below."
				id={error.digest}
				actions={<Button onClick={reset}>Try again</Button>}
			/>
		</>
	);
}
