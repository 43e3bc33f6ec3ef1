import { Button } from "@atelier/ui";
import Link from "next/link";
import type { RunRow } from "./run-types";

/** The runs behind a figure, each with the way to its page and to its shoppers. */
export function RunLinks({ runs }: { runs: readonly Pick<RunRow, "id" | "seed" | "preset">[] }) {
	return (
		<ul className="space-y-2">
			{runs.map(({ id, seed, preset }) => (
				<li key={id} className="flex items-center justify-between gap-3 rounded-md border px-3 py-2 text-sm">
					<span className="min-w-0">
						<span className="block truncate font-mono text-xs text-ink-muted">{id}</span>
						<span className="text-ink-faint">
							seed {seed}, preset {preset}
						</span>
					</span>
					<span className="flex gap-2">
						<Button asChild size="sm">
							<Link href={`/runs/${id}`}>Run</Link>
						</Button>
						<Button asChild size="sm">
							<Link href={`/inspector?run=${id}`}>Inspect</Link>
						</Button>
					</span>
				</li>
			))}
		</ul>
	);
}
