import { Button, EmptyState } from "@atelier/ui";
import Link from "next/link";

export default function NotFound() {
	return (
		<main className="mx-auto max-w-lg px-4 py-24">
			<EmptyState
				title="There is no such page"
				action={
					<Button asChild variant="primary">
						<Link href="/">Go to Overview</Link>
					</Button>
				}
			>
				The address may be from another version, or what it named was removed.
			</EmptyState>
		</main>
	);
}
