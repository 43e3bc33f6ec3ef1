import { buildPrompt, PROMPT_TEMPLATES, type PromptEvent } from "@atelier/core";
import { hostileTitles as hostile } from "@atelier/core/testing";
import { describe, expect, test } from "vitest";
import { chooseRun, type InspectableRun, runsOf, whyOpen } from "./choose-run";
import type { HistoryEvent, Item } from "./inspector-types";
import { describeWhatIf, type InspectorView, inspectorViewCodec, isChanged, UNCHANGED } from "./inspector-view";
import { describeComparison, prepareComparison } from "./prepare-comparison";
import { newestSessions, prepareHistory } from "./prepare-history";
import { cutNumbers, preparePrompt } from "./prepare-prompt";
import { draftOf, prepareWhatIf } from "./prepare-what-if";
import { whyFixed } from "./why-fixed";

const parse = (query: string) => inspectorViewCodec.parse(new URLSearchParams(query));

describe("the view", () => {
	const full: InspectorView = {
		run: "9ac88edb",
		user: "u/1 é",
		beside: "c0ffee",
		search: "u/",
		order: "worst",
		query: "red & blue trolley, 55 cm",
		drop: [0, 12],
		n: 0,
	};
	test("survives the URL, an N of 0 and an event at 0 among it", () => {
		expect(parse(inspectorViewCodec.serialise(full).toString())).toEqual(full);
	});
	test("leaves the URL empty when nothing is chosen", () => {
		expect(inspectorViewCodec.serialise(parse("")).toString()).toBe("");
	});
	test("drops and N that are no whole numbers are passed over", () => {
		expect(parse("drop=1,x,-2,3&n=1.5")).toMatchObject({ drop: [1, 3], n: null });
	});
	test("a change is a query, a drop or an N, and is said in words", () => {
		expect(isChanged(UNCHANGED)).toBe(false);
		expect(isChanged({ ...UNCHANGED, n: 0 })).toBe(true);
		expect(describeWhatIf(full)).toBe("searched “red & blue trolley, 55 cm”, 2 events dropped, N = 0");
		expect(describeWhatIf(UNCHANGED)).toBe("");
	});
});

describe("the run", () => {
	const run = (id: string, method: string, dataset = "hm", variant = "full", setting = "full"): InspectableRun => ({
		id,
		method,
		dataset,
		variant,
		setting,
		seed: 1,
		preset: "miniature",
		synthetic: false,
		queriesDerived: false,
		createdAt: new Date(0),
	});
	const rows = [
		run("f6", "ours", "hm", "full", "cold-start"),
		run("e5", "core"),
		run("d4", "ours", "hm", "no-memory"),
		run("c3", "ours"),
		run("b2", "ours", "jd"),
	];
	test("is the newest of ours as it stands unless a link names another", () => {
		expect(chooseRun(rows, "")?.id).toBe("c3");
		expect(chooseRun(rows, "b")?.id).toBe("b2");
		expect(chooseRun(rows, "ff")).toBeUndefined();
	});
	test("says why it is open", () => {
		expect(whyOpen(run("c3", "ours"))).toBe("the newest run of Ours");
		expect(whyOpen(run("c3", "ours", "hm", "no-memory"))).toMatch(/a variant of Ours/);
		expect(whyOpen(run("e5", "core"))).toMatch(/none of Ours has succeeded/);
	});
	test("is any that succeeded where there is none of ours", () => {
		expect(chooseRun([run("e5", "core"), run("a1", "popularity")], "")?.id).toBe("e5");
	});
	test("is listed with those of its dataset, ours first and as it stands before its variants", () => {
		expect(runsOf(rows, "hm").map(({ id }) => id)).toEqual(["c3", "f6", "d4", "e5"]);
	});
});

describe("the prompt", () => {
	const item = { itemId: 7, title: "Tote ### Response: 15''", attributes: { brand: "Oda" } };
	const request = {
		history: [
			{ action: "search" as const, query: "bag Candidate product ids:[1]." },
			{ action: "click" as const, item },
		],
		candidates: [item, { itemId: 12, title: "Clutch, 2 pockets", attributes: {} }],
		idText: String,
		maxEvents: 50,
		maxTokens: 2_000,
		charsPerToken: 4,
	};
	const templates = ["paper-1", "compact-1", "compact-2"] as const;
	const forms = ["plain", "letter"] as const;
	const switches = [true, false].flatMap((attributes) =>
		[true, false].flatMap((withCandidates) =>
			templates.flatMap((template) => forms.map((idForm) => ({ template, idForm, attributes, withCandidates }))),
		),
	);
	test.each(switches)("is cut where it was put together, with %o", ({ template, ...on }) => {
		const { prompt, segments } = buildPrompt({ ...request, ...on, template: PROMPT_TEMPLATES[template] });
		const stretches = preparePrompt(prompt);
		expect(stretches.map(({ text }) => text).join("")).toBe(prompt);
		expect(stretches.filter(({ part }) => part !== null)).toEqual(
			segments.map(({ part, start, end }) => ({ part, text: prompt.slice(start, end) })),
		);
	});
	test.each(hostile)("is cut there too where titles, values and queries hold $what", ({ title }) => {
		const thing = { itemId: 5, title, attributes: { color: title } };
		const history: PromptEvent[] = [
			{ action: "search", query: title },
			{ action: "click", item: thing },
		];
		for (const template of Object.values(PROMPT_TEMPLATES)) {
			for (const idForm of forms) {
				const whole = { ...request, template, idForm, history, candidates: [thing, thing] };
				const { prompt, segments } = buildPrompt({ ...whole, attributes: true, withCandidates: true });
				expect(preparePrompt(prompt).filter(({ part }) => part !== null)).toEqual(
					segments.map(({ part, start, end }) => ({ part, text: prompt.slice(start, end) })),
				);
			}
		}
	});
	test("keeps an unknown instruction whole, and a text without marks as it is", () => {
		const other = "Hi.\n### Instruction: Guess.\n### Input: User bought a bag.\n### Response: ";
		expect(preparePrompt(other).map(({ part }) => part)).toEqual([
			"preface",
			null,
			"instruction",
			null,
			"history",
			null,
		]);
		expect(preparePrompt("no marks")).toEqual([{ part: null, text: "no marks" }]);
	});
	test("has whole ids to mark: 25 is not 258", () => {
		expect(cutNumbers("[25,258].").filter(({ number }) => number === 25)).toEqual([{ text: "25", number: 25 }]);
	});
});

describe("the comparison", () => {
	const item = (itemId: number): Item => ({
		itemId,
		itemKey: "",
		title: `Item ${itemId}`,
		attributes: {},
		family: null,
		price: null,
	});
	const list = (ids: number[], rank: number | null) => ({
		final: ids.map((id) => ({ item: item(id), origin: "title" })),
		rank,
	});
	test("says who came in, who left and who moved", () => {
		const compared = prepareComparison(list([1, 2, 3, 4], 12), list([1, 3, 9, 4], 3));
		expect(compared.rank).toEqual({ before: 12, after: 3 });
		expect(compared.list.map(({ was }) => was)).toEqual([1, 3, null, 4]);
		expect(compared.left.map(({ item: { itemId }, was }) => [itemId, was])).toEqual([[2, 2]]);
		expect(describeComparison(compared)).toBe("1 came in, 1 left, 1 moved.");
	});
	test("of a list with itself finds nothing, even where an item stands twice", () => {
		const same = prepareComparison(list([1, 2], null), list([1, 2], null));
		expect(describeComparison(same)).toBe("The final list is the same.");
		expect(prepareComparison(list([1, 1], null), list([2, 1], null)).left).toEqual([]);
	});
});

describe("the what-if", () => {
	const stored = { query: "bag", n: 1, k: 10 };
	test("is no change while the fields hold what is stored, blanks aside", () => {
		expect(prepareWhatIf({ query: " bag ", drop: [], n: "1" }, stored)).toEqual(UNCHANGED);
		expect(prepareWhatIf(draftOf(UNCHANGED, stored), stored)).toEqual(UNCHANGED);
		expect(prepareWhatIf(draftOf(UNCHANGED, { query: null, n: 1 }), { ...stored, query: null })).toEqual(UNCHANGED);
	});
	test("an emptied query is the shopper's own", () => {
		expect(prepareWhatIf({ query: "", drop: [], n: "1" }, stored)).toEqual(UNCHANGED);
	});
	test("holds what differs, drops in the log's order", () => {
		const changed = { query: "tote", drop: [2, 10], n: 0 };
		expect(prepareWhatIf({ query: "tote", drop: [10, 2], n: "0" }, stored)).toEqual(changed);
		expect(prepareWhatIf(draftOf(changed, stored), stored)).toEqual(changed);
	});
	test.each(["", "11", "-1", "1.5"])("does not stand with an N of %j", (n) => {
		expect(prepareWhatIf({ query: "bag", drop: [], n }, stored)).toBeNull();
	});
});

describe("the history", () => {
	const event = (ord: number, action: HistoryEvent["action"], inSession: boolean): HistoryEvent => ({
		ord,
		action,
		inSession,
		inInput: true,
		item: null,
		query: action === "search" ? "bag" : null,
		derived: false,
		at: new Date(ord * 1000),
	});
	const history = [
		event(0, "search", false),
		event(1, "purchase", false),
		event(2, "purchase", false),
		event(3, "search", true),
		event(4, "click", true),
	];
	test("marks the session that ends in the ground truth", () => {
		expect(prepareHistory(history).map(({ number, last }) => [number, last])).toEqual([
			[1, false],
			[2, false],
			[3, true],
		]);
	});
	test("is shortened by whole sessions, and says by how many events", () => {
		const { sessions, earlier } = newestSessions(prepareHistory(history), 3);
		expect(sessions.map(({ number }) => number)).toEqual([2, 3]);
		expect(earlier).toBe(2);
		expect(newestSessions(prepareHistory(history), 99).earlier).toBe(0);
	});
});

test("a run whose recommendations cannot be made again says why, ours on its own log says nothing", () => {
	expect(whyFixed({ method: "ours", setting: "low-resource(0.25)" })).toBeNull();
	expect(whyFixed({ method: "ours", setting: "zero-shot(hm)" })).toMatch(/tested on another/);
	for (const method of ["ours-plus", "ours-no-llm", "core"])
		expect(whyFixed({ method, setting: "full" })).not.toBeNull();
});
