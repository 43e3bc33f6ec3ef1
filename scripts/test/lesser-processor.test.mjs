import { describe, expect, it } from "vitest";
import { whyNotLesser } from "../lib/lesser-processor.mjs";

describe("the trainer's tests as on a lesser processor", () => {
	it("run where the processor has AVX-512", () => {
		expect(whyNotLesser("x64", "flags\t\t: fpu sse2 avx2 avx512f avx512bw\n")).toBeNull();
	});
	it("are left out, saying why, where it has none or is no x64", () => {
		expect(whyNotLesser("x64", "flags\t\t: fpu sse2 avx2\n")).toMatch(/no AVX-512/);
		expect(whyNotLesser("arm64", "")).toMatch(/arm64/);
	});
});
