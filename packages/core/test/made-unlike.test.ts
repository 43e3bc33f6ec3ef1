import { describe, expect, it } from "vitest";
import { type Making, madeUnlike, type StageEnvironment } from "../src";

const trainer: StageEnvironment = {
	device: "cpu",
	processor: "a",
	threads: 1,
	versions: { python: "3.11.2", torch: "2.5.1" },
	code: "aaaa",
	commit: "1",
};
const worker: StageEnvironment = { ...trainer, versions: { node: "20.9.0" }, code: "cccc" };
const making = (environment: StageEnvironment | null, kind = "baseline", revision = 6): Making => {
	return { kind, revision, environment };
};

describe("runs made", () => {
	it("alike say nothing, nor do a processor's name, threads, or a commit that changed no code", () => {
		const other = { ...trainer, processor: "b", threads: 8, commit: "2" };
		expect(madeUnlike([making(trainer), making(other), making(worker, "split"), making(null)])).toBeNull();
	});

	it("by different code, libraries and devices say which", () => {
		const other = { ...trainer, device: "cuda", versions: { ...trainer.versions, torch: "2.6.0" }, code: "bbbb" };
		expect(madeUnlike([making(trainer), making(other)])).toBe(
			"Not all runs shown were made alike; they differ in the code of the trainer (aaaa, bbbb); devices (cpu, cuda); versions of torch (2.5.1, 2.6.0).",
		);
	});

	it("by different revisions of one stage say so, those of two stages do not", () => {
		expect(madeUnlike([making(null, "baseline", 5), making(null, "evaluate", 6)])).toBeNull();
		expect(madeUnlike([making(null, "baseline", 5), making(null)])).toMatch(/revisions of baseline \(5, 6\)/);
	});
});
