import { formatCount, formatMetric, KeyValue } from "@atelier/ui";
import { metricTitle } from "./prepare-curves";
import type { RunStage } from "./run-types";

type Value = NonNullable<RunStage["result"]>[string];

/** What the run page tells in panels of its own. */
const TOLD_ABOVE = /^(health|reranker\.weight)\./;

/** The stage's own summary: named numbers, words and flags. */
export function StageResult({ result }: { result: RunStage["result"] }) {
	const entries = Object.entries(result ?? {}).filter(([name]) => !TOLD_ABOVE.test(name));
	if (entries.length === 0) return null;
	return (
		<section>
			<h3 className="mb-1 text-sm font-medium">Result</h3>
			<KeyValue
				className="grid gap-x-10 sm:grid-cols-2"
				entries={entries.map(([name, value]) => ({ key: title(name), title: name, value: format(name, value) }))}
			/>
		</section>
	);
}

/** `tokensPerSecond` as `Tokens per second`. */
function title(name: string): string {
	return metricTitle(
		name.replace(/([a-z0-9])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`),
	);
}

function format(name: string, value: Value): string {
	if (value === null) return "–";
	if (typeof value === "boolean") return value ? "yes" : "no";
	if (typeof value === "string") return value;
	return Number.isInteger(value) && !name.includes("@") ? formatCount(value) : formatMetric(value);
}
