"use client";
import { Button } from "@atelier/ui";
import { ArrowLeft } from "lucide-react";

/** To the page before this one; it needs a script, and so stands beside a link that needs none. */
export function BackButton() {
	return (
		<Button onClick={() => window.history.back()}>
			<ArrowLeft /> Go back
		</Button>
	);
}
