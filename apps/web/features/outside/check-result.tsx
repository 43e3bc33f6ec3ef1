import { METRIC_NAMES, METRIC_TITLES, type OutsideReport, visibleText } from "@atelier/core";
import { Badge, formatMetric } from "@atelier/ui";
import { CircleAlert, CircleCheck } from "lucide-react";
import { useEffect, useRef } from "react";

const count = (value: number) => value.toLocaleString("en-US");

/** What was found in the file: that it can be imported and what would come of it, or what keeps it out. */
export function CheckResult({ report, split }: { report: OutsideReport; split: string }) {
	const { shoppers, problems, notes, warnings, metrics } = report;
	const section = useRef<HTMLElement>(null);
	// It comes below what was filled in, where a low window does not reach.
	useEffect(() => section.current?.scrollIntoView({ block: "nearest" }), []);
	return (
		<section ref={section} aria-label="What was found" aria-live="polite" className="grid gap-3 text-sm">
			<p className="flex items-start gap-2">
				{problems.length === 0 ? (
					<CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-succeeded" />
				) : (
					<CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-failed" />
				)}
				<span>
					{problems.length === 0 ? "It can be imported: " : "Nothing of it can be imported yet: "}
					{count(shoppers.found)} of {count(shoppers.expected)} test shoppers. {split}
				</span>
			</p>
			{metrics === null ? null : (
				<dl className="flex flex-wrap gap-x-6 gap-y-1">
					{METRIC_NAMES.map((name) =>
						metrics[name] === undefined ? null : (
							<div key={name} className="flex gap-2">
								<dt className="text-ink-muted">{METRIC_TITLES[name]}</dt>
								<dd className="tabular-nums">{formatMetric(metrics[name])}</dd>
							</div>
						),
					)}
				</dl>
			)}
			{problems.length > 0 ? (
				<ul className="grid gap-2">
					{problems.map(({ message, count: times, first }) => (
						<li key={message} className="rounded-md border px-3 py-2">
							<p className="flex items-start justify-between gap-3">
								<span>{message}</span>
								<Badge tone="warn">{count(times)}</Badge>
							</p>
							<ul className="mt-1 font-mono text-xs text-ink-muted">
								{first.map(({ line, text }) => (
									<li key={`${line} ${text}`} className="truncate">
										{line === null ? "" : `line ${count(line)}: `}
										{visibleText(text)}
									</li>
								))}
							</ul>
						</li>
					))}
				</ul>
			) : null}
			{[...warnings, ...notes].length > 0 ? (
				<ul className="list-disc pl-5 text-ink-muted">
					{[...warnings, ...notes].map((text) => (
						<li key={text}>{text}</li>
					))}
				</ul>
			) : null}
		</section>
	);
}
