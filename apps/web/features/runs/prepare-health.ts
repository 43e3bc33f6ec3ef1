import { formatP, formatShare } from "@atelier/ui";
import type { RunStage } from "./run-types";

export interface HealthFact {
	label: string;
	value: string;
	note: string;
}

export interface Health {
	/** Whether the model earns its place, in one sentence with the counts behind it. */
	verdict: string;
	/** `undecided` also where nothing can be compared. */
	place: "earned" | "not earned" | "undecided";
	/** Test prompts answered. */
	count: number;
	facts: HealthFact[];
}

/** Names in `GenerationHealth` (core), in the order in which they are shown. */
const FACTS: readonly { name: string; label: string; note: string }[] = [
	{ name: "firstCandidateShare", label: "Took the first candidate", note: "of prompts that offer candidates" },
	{ name: "candidateShare", label: "Took some candidate", note: "of prompts that offer candidates" },
	{ name: "targetIsCandidateShare", label: "Target was offered", note: "what was bought is among the candidates" },
	{ name: "accuracy", label: "Answered the target", note: "of all answers" },
	{ name: "titleCopiesIdShare", label: "Title copies its id's", note: "word for word, of answers with a title" },
	{
		name: "titleOfAnotherShare",
		label: "Id and title disagree",
		note: "the title is another product's than the id",
	},
	{ name: "malformedShare", label: "Malformed", note: "not of the form asked for" },
	{ name: "offCatalogueShare", label: "Off-catalogue ids", note: "of answers with an id" },
	{ name: "titleOffCatalogueShare", label: "Off-catalogue titles", note: "of answers with a title" },
];

/** The model's answers before retrieval smooths them over; null for a run whose answers no model wrote. */
export function prepareHealth(stages: readonly Pick<RunStage, "kind" | "result">[]): Health | null {
	if (!stages.some(({ kind }) => kind === "generate")) return null;
	const result = stages.find(({ kind }) => kind === "evaluate")?.result ?? {};
	const read = (name: string): number | null => {
		const value = result[`health.${name}`];
		return typeof value === "number" ? value : null;
	};
	const count = read("count");
	if (count === null || count === 0) return null;
	const facts = FACTS.flatMap(({ name, label, note }): HealthFact[] => {
		const share = read(name);
		return share === null ? [] : [{ label, note, value: formatShare(share) }];
	});
	return { count, facts, ...judge(count, read, result["health.verdict"]) };
}

function judge(
	count: number,
	read: (name: string) => number | null,
	tested: unknown,
): Pick<Health, "verdict" | "place"> {
	if (read("firstCandidateShare") === null) {
		return { verdict: "Its prompts offer no candidates, so there is no first one to beat.", place: "undecided" };
	}
	const offered = Math.round(count * (read("targetIsCandidateShare") ?? 0));
	const model = read("accuracyWhenCandidate");
	const first = read("firstIsTargetWhenCandidate");
	if (offered === 0 || model === null || first === null) {
		const verdict = "What was bought is never among the candidates: the model had nothing to find.";
		return { verdict, place: "undecided" };
	}
	const [own, floor] = [Math.round(model * offered), Math.round(first * offered)];
	const p = read("verdictP");
	const counts = `${own} of ${offered} against ${floor} of ${offered}`;
	const why = p === null ? counts : `${counts}, ${formatP(p)}`;
	if (own <= floor) {
		return { verdict: `The model does not beat taking the first candidate (${why}).`, place: "not earned" };
	}
	// More hits than the first candidate alone are luck until McNemar's test says otherwise.
	return tested === "better"
		? { verdict: `The model beats taking the first candidate (${why}).`, place: "earned" }
		: { verdict: `The model is not shown to beat taking the first candidate (${why}).`, place: "undecided" };
}
