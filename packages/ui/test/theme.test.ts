import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const css = readFileSync(fileURLToPath(new URL("../src/theme.css", import.meta.url)), "utf8");

function tokensOf(selector: string): Map<string, string> {
	const block = css.match(new RegExp(`^${selector} \\{([^}]*)\\}`, "m"))?.[1] ?? "";
	return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", hex = ""]) => [name, hex]));
}

function luminance(hex: string): number {
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
		const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2 contrast ratio. */
function contrast(a: string, b: string): number {
	const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
	return (light + 0.05) / (dark + 0.05);
}

const TEXT_PAIRS: [string, string][] = [
	...["ink", "ink-muted", "ink-faint"].flatMap((ink) =>
		["canvas", "surface", "raised", "sunken", "hover"].map((ground): [string, string] => [ink, ground]),
	),
	["ink", "accent-soft"],
	["ink-muted", "accent-soft"],
	["ink-faint", "accent-soft"],
	["on-accent", "accent"],
	["on-accent", "accent-strong"],
	["on-failed", "failed"],
	["ink-muted", "failed-soft"],
	...["queued", "running", "succeeded", "failed", "cancelled"].flatMap((state): [string, string][] => [
		[state, `${state}-soft`],
		[state, "surface"],
	]),
];

describe.each([":root", "\\.dark"])("theme %s", (selector) => {
	const tokens = tokensOf(selector);
	test.each(TEXT_PAIRS)("%s on %s reaches 4.5 : 1", (ink, ground) => {
		const [a, b] = [tokens.get(ink), tokens.get(ground)];
		if (a === undefined || b === undefined) throw new Error(`missing token ${ink} or ${ground}`);
		expect(contrast(a, b)).toBeGreaterThanOrEqual(4.5);
	});
});

test("both themes name the same tokens", () => {
	expect([...tokensOf("\\.dark").keys()].sort()).toEqual([...tokensOf(":root").keys()].sort());
});
