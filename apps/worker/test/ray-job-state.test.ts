import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { type Evidence, judge } from "../src/executors/ray/ray-job-state";
import { entrypoint, requirementsIn } from "../src/executors/ray/runtime-env";
import { Silence } from "../src/executors/ray/silence";
import { packTrainer } from "../src/executors/ray/trainer-package";

const run = promisify(execFile);
const TRAINER = fileURLToPath(new URL("../../../packages/trainer", import.meta.url));

const alive: Evidence = { hasReceipt: false, end: null, hasBegun: true, silentMs: 0, ray: { status: "RUNNING" } };
const silent = { ...alive, silentMs: 61_000 };

describe("what a remote stage is", () => {
	const cases: [string, Evidence, object][] = [
		["beats while Ray has forgotten it", { ...alive, ray: "unknown" }, { is: "running" }],
		["beats while Ray says that it failed", { ...alive, ray: { status: "FAILED" } }, { is: "running" }],
		["beats while the cluster is away", { ...alive, ray: "away" }, { is: "running" }],
		["beats while another head answers", { ...alive, ray: "lost" }, { is: "running" }],
		["silent while Ray says that it runs, for ever", silent, { is: "unreachable" }],
		["silent while the cluster is away", { ...silent, ray: "away" }, { is: "unreachable" }],
		["silent, and Ray knows no such job", { ...silent, ray: "unknown" }, { is: "gone" }],
		["silent, and another head answers, which claims nothing of it", { ...silent, ray: "lost" }, { is: "gone" }],
		["silent, and Ray says that it ended", { ...silent, ray: { status: "SUCCEEDED" } }, { is: "gone" }],
		["waiting in Ray's queue", { ...silent, hasBegun: false, ray: { status: "PENDING" } }, { is: "running" }],
		[
			"with its receipt, whatever Ray says",
			{ ...silent, hasReceipt: true, ray: { status: "FAILED" } },
			{ is: "ended", exitCode: 0, signal: null },
		],
		[
			"with its own word of how it ended",
			{ ...alive, end: { exitCode: 3, signal: null }, ray: { status: "RUNNING" } },
			{ is: "ended", exitCode: 3, signal: null },
		],
		[
			"never begun, since it could not be started",
			{ ...alive, hasBegun: false, ray: { status: "FAILED", message: "no such Python", driver_exit_code: 127 } },
			{ is: "failed", exitCode: 127, message: "no such Python" },
		],
	];
	it.each(cases)("%s", (_, evidence, expected) => {
		expect(judge(evidence)).toEqual(expected);
	});

	it("silence is measured by our own clock, and begins anew for a worker that has just started", () => {
		let now = 0;
		const silence = new Silence(() => now);
		expect(silence.of("a", 1)).toBe(0);
		now = 50;
		expect([silence.of("a", 1), silence.of("b", 1)]).toEqual([50, 0]);
		now = 70;
		expect([silence.of("a", 2), silence.of("b", 1)]).toEqual([0, 20]);
		expect(new Silence(() => now).of("b", 1)).toBe(0);
	});
});

describe("what a job is given", () => {
	it("the trainer travels as a zip that Python reads, named by its contents", async () => {
		const packed = await packTrainer(TRAINER);
		expect((await packTrainer(TRAINER)).bytes.equals(packed.bytes)).toBe(true);
		const folder = await mkdtemp(join(tmpdir(), "atelier-package-"));
		const file = join(folder, packed.name);
		await writeFile(file, packed.bytes);
		await run("python3", ["-m", "zipfile", "-e", file, folder]);
		const { stdout } = await run("diff", [
			"-r",
			"-x",
			"__pycache__",
			join(TRAINER, "atelier_trainer"),
			join(folder, "atelier_trainer"),
		]);
		expect(stdout).toBe("");
		await rm(folder, { recursive: true });
	});

	it("a command's words stay words in a shell", async () => {
		const words = ["http://host/a?b=c&d=$(touch x)", "it's", "plain"];
		const command = entrypoint({ environment: "image", python: "echo" }, "module", ...words);
		expect((await run("sh", ["-c", command])).stdout.trim()).toBe(`-m module ${words.join(" ")}`);
	});

	it("of a requirements file only the pins are taken", () => {
		expect(requirementsIn("# why\n-r other.txt\na==1 # x\n\nb[c]==2\n")).toEqual(["a==1", "b[c]==2"]);
	});
});
