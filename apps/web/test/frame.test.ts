import { METHOD_IDS } from "@atelier/core";
import { describe, expect, test } from "vitest";
import { matchWords } from "~/features/frame/match-words";
import { crumbsOf, isOpen } from "~/features/frame/navigation";
import { prepareSystemNotice } from "~/features/frame/prepare-system-notice";
import { methodColour, methodLook, methodPlace, methodRole, methodStyleSheet } from "~/features/methods/methods";
import { runName, settingTitle, variantLabel } from "~/features/methods/run-name";
import { nextSort, sortRows } from "~/features/table/sort-rows";

describe("the breadcrumb", () => {
	test("a page under an entry links back to it", () => {
		expect(crumbsOf("/datasets/sample%20a")).toEqual([
			{ label: "Datasets", href: "/datasets" },
			{ label: "sample a", mono: false },
		]);
	});
	test("Overview is open on its own page only", () => {
		expect(isOpen({ href: "/" }, "/runs")).toBe(false);
		expect(isOpen({ href: "/runs" }, "/runs/1")).toBe(true);
		expect(isOpen({ href: "/run" }, "/runs")).toBe(false);
	});
});

describe("the command palette", () => {
	test("finds entries that hold every word, those that begin with it first", () => {
		expect(matchWords("Inspector one shopper's recommendation", "core")).toBe(0);
		expect(matchWords("run CORE on hm", "core hm")).toBe(1);
		expect(matchWords("dataset encoreset", "core")).toBe(0.5);
	});
	test("takes what was typed as it stands", () => {
		expect(matchWords("run c++ [1]", "c++ [1")).toBe(1);
	});
});

describe("the notice about the machinery", () => {
	const trainer = { state: "installing", message: "", step: "installing torch" } as const;
	test("names the step of an installation", () => {
		expect(prepareSystemNotice({ worker: { alive: true }, trainer })?.title).toContain("installing torch");
	});
	test("a missing worker comes before everything else", () => {
		expect(prepareSystemNotice({ worker: { alive: false }, trainer })?.tone).toBe("warn");
	});
	test("is silent while all is well", () => {
		expect(prepareSystemNotice({ worker: { alive: true }, trainer: { ...trainer, state: "ready" } })).toBeNull();
	});
});

describe("methods", () => {
	test("every method that runs has a colour of its own, in both themes", () => {
		const looks = METHOD_IDS.map(methodLook);
		expect(new Set(looks.map(({ light }) => light)).size).toBe(METHOD_IDS.length);
		expect(new Set(looks.map(({ dark }) => dark)).size).toBe(METHOD_IDS.length);
		for (const id of METHOD_IDS) expect(methodStyleSheet()).toContain(`${methodColour(id).slice(4, -1)}:`);
	});
	test("every method that runs has a marker of its own, since colour alone is not enough", () => {
		expect(new Set(METHOD_IDS.map((id) => methodLook(id).marker)).size).toBe(METHOD_IDS.length);
	});
	test("every colour stands out from its theme's ground by 3 : 1, as WCAG asks of graphics", () => {
		for (const { light, dark } of METHOD_IDS.map(methodLook)) {
			expect(contrast(light, "#ffffff"), light).toBeGreaterThanOrEqual(3);
			expect(contrast(dark, "#151518"), dark).toBeGreaterThanOrEqual(3);
		}
	});
	test("ours comes last but for what goes beyond the paper, an unknown one just before", () => {
		expect(["ours-plus", "ours", "new", "core"].sort((a, b) => methodPlace(a) - methodPlace(b))).toEqual([
			"core",
			"new",
			"ours",
			"ours-plus",
		]);
	});
	test("what the paper does not compare is labelled, what it does is not", () => {
		expect(methodRole("ours-plus")?.label).toBe("beyond the paper");
		expect(methodRole("ours-no-llm")?.label).toBe("control");
		expect([methodRole("ours"), methodRole("core")]).toEqual([null, null]);
	});
	test("a run is named by what is not plain about it; names of another version stand as they are", () => {
		expect(runName({ method: "ours", variant: "full", setting: "full" })).toBe("Ours");
		expect(runName({ method: "ours", variant: "no-memory", setting: "low-resource(0.25)" })).toBe(
			"Ours w/o query-product memory, 25 % of training",
		);
		expect(variantLabel("generic-text-embedding")).not.toContain("CLIP");
		expect([variantLabel("no-colour"), settingTitle("warm-start")]).toEqual(["no-colour", "warm-start"]);
	});
});

function contrast(a: string, b: string): number {
	const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (high + 0.05) / (low + 0.05);
}

/** WCAG 2.2 relative luminance of `#rrggbb`. */
function luminance(hex: string): number {
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
		const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("sorting a table", () => {
	const rows = [{ v: 2 }, { v: null }, { v: 10 }];
	test("rows without a value come last either way", () => {
		expect(sortRows(rows, ({ v }) => v, false).map(({ v }) => v)).toEqual([2, 10, null]);
		expect(sortRows(rows, ({ v }) => v, true).map(({ v }) => v)).toEqual([10, 2, null]);
	});
	test("a head goes from largest to smallest to none for numbers", () => {
		const first = nextSort(null, "users", true);
		expect(first).toEqual({ by: "users", descending: true });
		const second = nextSort(first, "users", true);
		expect(second).toEqual({ by: "users", descending: false });
		expect(nextSort(second, "users", true)).toBeNull();
	});
});
