import { formatPlural, StatusIcon } from "@atelier/ui";
import Link from "next/link";
import { Fragment } from "react";
import { shortId } from "~/features/frame/navigation";
import { runsHref } from "~/features/under-way/under-way-href";
import type { Plan } from "./prepare-plan";

/** That runs of the plan are under way already, in which launches, and what launching them again would mean. */
export function RepeatedNote({ repeated, runs }: { repeated: Plan["repeated"]; runs: number }) {
	if (repeated.runs === 0) return null;
	const which =
		repeated.runs < runs
			? `${repeated.runs} of these ${runs} runs are`
			: runs === 1
				? "This run is"
				: `All ${formatPlural(runs, "run")} are`;
	return (
		<div role="status" className="flex gap-2 rounded-md border px-3 py-2 text-sm">
			<span className="mt-0.5">
				<StatusIcon status="running" decorative />
			</span>
			<p>
				{which} already under way in launch{" "}
				{repeated.launches.map(({ id }, place) => (
					<Fragment key={id}>
						{place === 0 ? null : ", "}
						<Link href={runsHref([id])} className="font-mono text-accent-strong hover:underline">
							{shortId(id)}
						</Link>
					</Fragment>
				))}
				.{" "}
				<span className="text-ink-muted">
					Launched again they share its stages: nothing is computed twice, but each stands in the list of runs once
					more.
				</span>
			</p>
		</div>
	);
}
