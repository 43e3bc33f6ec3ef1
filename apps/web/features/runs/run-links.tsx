import { Button } from "@atelier/ui";
import Link from "next/link";
import type { RunRow } from "./run-types";

type LinkedRun = Pick<RunRow, "id" | "seed" | "preset">;

export interface RunLinksProps {
	runs: readonly LinkedRun[];
	/** Where a run stands beside another, and what the other is; null for a run that has none. */
	compareWith?: (run: LinkedRun) => { href: string; title: string } | null;
}

/** The runs behind a figure, each with the way to its page, to its shoppers and beside another run. */
export function RunLinks({ runs, compareWith }: RunLinksProps) {
	return (
		<ul className="space-y-2">
			{runs.map(({ id, seed, preset }) => (
				<li
					key={id}
					className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1.5 rounded-md border px-3 py-2 text-sm"
				>
					<span className="min-w-0">
						<span className="block truncate font-mono text-xs text-ink-muted">{id}</span>
						<span className="text-ink-faint">
							seed {seed}, preset {preset}
						</span>
					</span>
					<span className="flex flex-wrap gap-2">
						<CompareLink to={compareWith?.({ id, seed, preset }) ?? null} />
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

function CompareLink({ to }: { to: ReturnType<NonNullable<RunLinksProps["compareWith"]>> }) {
	if (to === null) return null;
	return (
		<Button asChild size="sm">
			<Link href={to.href}>Compare with {to.title}</Link>
		</Button>
	);
}
