import { Badge, formatCount, Panel } from "@atelier/ui";
import { CircleCheck, CircleX, Minus } from "lucide-react";
import { type Health, prepareHealth } from "./prepare-health";
import type { RunDetail } from "./run-types";

/** Whether the language model earns its place in this run, said plainly; nothing for a run without one. */
export function GenerationHealth({ run }: { run: Pick<RunDetail, "stages"> }) {
	const health = prepareHealth(run.stages);
	if (health === null) return null;
	return (
		<Panel
			title="Generation health"
			description={`${formatCount(health.count)} answers to test prompts, before retrieval smooths them over.`}
			actions={<Place place={health.place} />}
		>
			<p className="mb-4 font-medium">{health.verdict}</p>
			<dl className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-6 gap-y-4">
				{health.facts.map(({ label, value, note }) => (
					<div key={label} className="min-w-0">
						<dt className="text-xs text-ink-faint">{label}</dt>
						<dd>
							<span className="block text-lg font-semibold tabular-nums">{value}</span>
							<span className="block text-xs text-ink-faint">{note}</span>
						</dd>
					</div>
				))}
			</dl>
			<p className="mt-4 text-xs text-ink-faint">
				The comparison counts shoppers whose purchase was offered: how often the model answered it, and how often it
				stood first; p is McNemar's exact test.
			</p>
		</Panel>
	);
}

function Place({ place }: { place: Health["place"] }) {
	switch (place) {
		case "earned":
			return (
				<Badge tone="good" icon={<CircleCheck aria-hidden />}>
					earns its place
				</Badge>
			);
		case "not earned":
			return (
				<Badge tone="warn" icon={<CircleX aria-hidden />}>
					does not earn its place
				</Badge>
			);
		case "undecided":
			return <Badge icon={<Minus aria-hidden />}>undecided</Badge>;
	}
}
