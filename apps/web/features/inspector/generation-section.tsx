import { visibleLines } from "@atelier/core";
import { Badge, formatMetric, KeyValue, Missing } from "@atelier/ui";
import { TriangleAlert } from "lucide-react";
import { Shown } from "~/features/text/shown";
import type { Recommendation } from "./inspector-types";
import { TruthBadge } from "./item-line";
import { MarkedIds } from "./prompt-section";
import { Step } from "./step";

/** What the parser's reasons mean to a reader. */
const FAILURE_WORDS: Record<string, string> = {
	empty: "The model answered nothing.",
	"no-id": "There is no <id> in the answer.",
	"unclosed-id": "The <id> is not closed.",
	"malformed-id": "What stands between the id's tags is not of the form that ids have in this run.",
	"unknown-id": "The id is of the right form, but names no product.",
	"no-candidates": "The memory has no product for this query.",
	"no-title": "There is no <title> in the answer.",
	"unclosed-title": "The <title> is not closed: the answer ran into its token limit.",
	"empty-title": "The title is empty.",
};

export interface GenerationSectionProps {
	number: number;
	generation: Recommendation["generation"];
	truth: number;
}

/** The raw answer and what was read out of it. */
export function GenerationSection({ number, generation, truth }: GenerationSectionProps) {
	const { text, itemId, title, failure, logProbability } = generation;
	return (
		<Step
			number={number}
			title="Generation"
			badges={
				failure === null ? null : (
					<Badge tone="warn" icon={<TriangleAlert aria-hidden />} title={FAILURE_WORDS[failure]}>
						{failure}
					</Badge>
				)
			}
			description={failure === null ? undefined : FAILURE_WORDS[failure]}
		>
			<p className="mb-3 rounded-sm bg-sunken px-2.5 py-2 font-mono text-xs leading-5 break-words whitespace-pre-wrap">
				{text === "" ? (
					<span className="text-ink-faint">(nothing)</span>
				) : (
					<MarkedIds text={visibleLines(text)} truth={truth} />
				)}
			</p>
			<KeyValue
				entries={[
					{
						key: "Id",
						value:
							itemId === null ? (
								<Missing reason="No id could be read." />
							) : (
								<span className="inline-flex items-center gap-2">
									{itemId === truth ? <TruthBadge /> : null}
									<span className="font-mono">{itemId}</span>
								</span>
							),
					},
					{ key: "Title", value: title ? <Shown>{title}</Shown> : <Missing reason="No title could be read." /> },
					{
						key: "Log-probability",
						title: "Of the whole answer under the fine-tuned model",
						value:
							logProbability === null ? <Missing reason="No model wrote this answer." /> : formatMetric(logProbability),
					},
				]}
			/>
		</Step>
	);
}
