import { describe, expect, test } from "vitest";
import {
	formatBytes,
	formatCount,
	formatDelta,
	formatDuration,
	formatMetric,
	formatP,
	formatPlural,
	formatRelativeTime,
	formatScientific,
	formatShare,
} from "../src/format";

describe("numbers", () => {
	test("a metric below 1 has three decimals", () => {
		expect(formatMetric(0.27864)).toBe("0.279");
		expect(formatMetric(0)).toBe("0.000");
		expect(formatMetric(2.7149)).toBe("2.71");
		expect(formatMetric(Number.NaN)).toBe("–");
	});
	test("a difference has its sign, and a small p is not rounded to nothing", () => {
		expect([0.0214, -0.0136, 0].map(formatDelta)).toEqual(["+0.021", "−0.014", "+0.000"]);
		expect([0.0004, 0.018].map(formatP)).toEqual(["p < 0.001", "p 0.018"]);
	});
	test("thousands are separated", () => {
		expect(formatCount(1_386_910)).toBe("1,386,910");
	});
	test("a share keeps what can be told apart", () => {
		expect(formatShare(0.034)).toBe("3.4 %");
		expect(formatShare(0.00041)).toBe("0.04 %");
		expect(formatShare(1)).toBe("100 %");
	});
	test("a density reads as in the paper's Table 1", () => {
		expect(formatScientific(2.02e-4)).toBe("2.02e-4");
		expect(formatScientific(0.0123)).toBe("0.0123");
	});
	test("one is singular", () => {
		expect(formatPlural(1, "run")).toBe("1 run");
		expect(formatPlural(5, "run")).toBe("5 runs");
	});
	test("bytes are in powers of ten", () => {
		expect(formatBytes(1_400_000)).toBe("1.4 MB");
		expect(formatBytes(0)).toBe("0 B");
	});
});

describe("times", () => {
	test("a duration never shows 60 seconds", () => {
		expect(formatDuration(59_700)).toBe("1 m");
		expect(formatDuration(134_000)).toBe("2 m 14 s");
		expect(formatDuration(3_600_000 + 5 * 60_000)).toBe("1 h 5 m");
		expect(formatDuration(9_980)).toBe("10 s");
		expect(formatDuration(340)).toBe("340 ms");
	});
	test("a recent time is relative, an old one a date", () => {
		const now = Date.UTC(2026, 10, 23, 20, 0, 0);
		expect(formatRelativeTime(new Date(now - 180_000), now)).toBe("3 min ago");
		expect(formatRelativeTime(new Date(now + 5_000), now)).toBe("just now");
		expect(formatRelativeTime(new Date(now - 40 * 86_400_000), now)).toMatch(/^1[34] Oct 2026$/);
	});
});
