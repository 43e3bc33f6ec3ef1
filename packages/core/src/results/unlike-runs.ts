import type { Protocol } from "./protocol";

/** What decides whether runs may stand beside each other. */
export interface ComparedFacts {
	dataset: string;
	setting: string;
	status: string;
	seed: number;
	preset: string;
	/** Null for a run of a version that said it otherwise. */
	protocol: Protocol | null;
	/** Test shoppers; null for a run without figures. */
	users: number | null;
	/** Key of the stage that split its data, and of the one that chose the candidates of its prompts; null without one. */
	split: string | null;
	memory: string | null;
}

export interface Unlike {
	/** What differs: `dataset`, `cutoff`, `seeds`. */
	what: string;
	/** A sentence with the runs by their letters. */
	words: string;
	/** Whether the runs can therefore not be tested against each other; otherwise a reader has to know it. */
	isRefused: boolean;
}

/** Runs that are compared go by letters: A is the reference. */
export const letterOf = (place: number): string => String.fromCharCode(65 + place);

/** Runs that one comparison takes at most. */
export const MOST_COMPARED = 10;

const SETTING_OF_FEWER = "cold-start";

/**
 * Everything but the method in which compared runs differ, first what makes a paired test impossible. Nothing is
 * compared without a word of it.
 */
export function unlikeRuns(runs: readonly ComparedFacts[]): Unlike[] {
	const differ = (what: string, tell: (run: ComparedFacts) => string | null, isRefused: boolean): Unlike[] => {
		const groups = byValue(runs, tell);
		if (groups.length < 2) return [];
		return [
			{ what, words: `${capital(groups.map(({ names, value }) => `${names}: ${value}`).join("; "))}.`, isRefused },
		];
	};
	const ofProtocol = (tell: (protocol: Protocol) => string) => (run: ComparedFacts) =>
		run.protocol === null ? null : tell(run.protocol);
	const unfinished = runs.flatMap(({ status }, place): Unlike[] =>
		status === "succeeded"
			? []
			: [{ what: "status", words: `${letterOf(place)} is ${status}: it has no lists.`, isRefused: true }],
	);
	return [
		...unfinished,
		...differ("data set", ({ dataset }) => `on ${dataset}`, true),
		...differ(
			"target",
			ofProtocol(({ target }) => `${target}s predicted`),
			true,
		),
		...differ(
			"split",
			ofProtocol(({ split }) => (split === "by-time" ? "split by time" : "leave-one-out")),
			true,
		),
		...differ(
			"cutoff",
			ofProtocol(({ k }) => `K = ${k}`),
			true,
		),
		...differ(
			"ranked items",
			ofProtocol(({ maskSeen }) =>
				maskSeen ? "items already seen are left out" : "items already seen are ranked too",
			),
			true,
		),
		...differ(
			"training data",
			ofProtocol(({ trainRatio }) => `${100 * trainRatio} % of the training sequences`),
			true,
		),
		...differ("test shoppers", ({ setting }) => (setting === SETTING_OF_FEWER ? "cold start alone" : "all"), true),
		...differ("number of test shoppers", ({ users }) => (users === null ? null : String(users)), true),
		...splitApart(runs),
		...differ("seeds", ({ seed }) => `seed ${seed}`, false),
		...differ("presets", ({ preset }) => preset, false),
		...differ("candidates of the prompts", candidatesOf(runs), false),
	].sort((a, b) => Number(b.isRefused) - Number(a.isRefused));
}

/** Equal protocols and still another split: what was trained on differs, or the stage's revision. */
function splitApart(runs: readonly ComparedFacts[]): Unlike[] {
	const isAlike = new Set(runs.map(({ dataset, setting }) => `${dataset} ${setting}`)).size === 1;
	const splits = new Set(runs.flatMap(({ split }) => split ?? []));
	if (!isAlike || splits.size < 2) return [];
	const words = "The runs' data was split by different stages (other settings, another seed or revision).";
	return [
		{ what: "split", words: `${words} Shoppers are matched by who they are and what they bought.`, isRefused: false },
	];
}

/** Of the runs that have a memory: which of them share it. */
function candidatesOf(runs: readonly ComparedFacts[]) {
	const memories = [...new Set(runs.flatMap(({ memory }) => memory ?? []))];
	return ({ memory }: ComparedFacts) => (memory === null ? null : `set ${memories.indexOf(memory) + 1}`);
}

/** The runs by what they have, those without anything left out; names are letters. */
function byValue(runs: readonly ComparedFacts[], tell: (run: ComparedFacts) => string | null) {
	const groups = new Map<string, string[]>();
	runs.forEach((run, place) => {
		const value = tell(run);
		if (value !== null) groups.set(value, [...(groups.get(value) ?? []), letterOf(place)]);
	});
	return [...groups].map(([value, letters]) => ({ value, names: letters.join(", ") }));
}

const capital = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
