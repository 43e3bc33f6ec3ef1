import { spawnSync } from "node:child_process";
import {
	appendFileSync,
	closeSync,
	mkdtempSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CountedLines } from "../lib/counted-lines.mjs";
import { rotateLog } from "../lib/log-files.mjs";

describe("a log", () => {
	/** @type {string} */
	let folder;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "atelier-logs-"));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it("holds a message that repeats once, and how often it came again", () => {
		/** @type {string[]} */
		const written = [];
		let now = Date.UTC(2026, 10, 28);
		const lines = new CountedLines(
			(text) => written.push(text),
			() => now,
		);
		for (let times = 0; times < 1_258; times += 1) lines.take(`${new Date(now).toISOString()} queue: no connection\n`);
		lines.take("another\n");
		now += 61_000;
		lines.take("queue: no connection\n");
		expect(written.map((line) => line.replace(/^\S+ /, ""))).toEqual([
			"queue: no connection\n",
			"another\n",
			"queue: no connection (1257 more times within 61 s)\n",
			"queue: no connection\n",
		]);
		expect(written[0]).toMatch(/^2026-11-28T00:00:00\.000Z /);
	});

	it("of a service has its errors whole, repeats counted, the last count when it ends", () => {
		const preload = new URL("../lib/count-output.mjs", import.meta.url).href;
		const script = `for (let i = 0; i < 50; i += 1) console.error(new Error("the record is away").message);
			console.error(new Error("outer", { cause: new Error("inner") })); console.log("ready");`;
		const { stdout, stderr } = spawnSync(process.execPath, ["--import", preload, "-e", script], { encoding: "utf8" });
		expect(stderr.match(/the record is away/g)).toHaveLength(2);
		expect(stderr).toMatch(/the record is away \(49 more times within 1 s\)/);
		expect(stderr).toMatch(/Error: outer\n[\s\S]*\[cause\]: Error: inner/);
		expect(stdout).toMatch(/^\S+Z ready\n$/);
	});

	it("that has grown is moved aside while its program goes on writing, and few parts stay", () => {
		const file = join(folder, "worker.log");
		const writer = openSync(file, "a");
		for (let part = 0; part < 6; part += 1) {
			writeSync(writer, `part ${part} ${"x".repeat(100)}\n`);
			expect(rotateLog(file, { mostBytes: 100, kept: 3 })).toBe(true);
		}
		writeSync(writer, "goes on\n");
		expect(rotateLog(file, { mostBytes: 100, kept: 3 })).toBe(false);
		closeSync(writer);
		expect(readFileSync(file, "utf8")).toBe("goes on\n");
		expect(readdirSync(folder).sort()).toEqual(["worker.log", "worker.log.1", "worker.log.2", "worker.log.3"]);
		expect(readFileSync(`${file}.1`, "utf8")).toMatch(/^part 5/);
		expect(readFileSync(`${file}.3`, "utf8")).toMatch(/^part 3/);
		appendFileSync(file, "");
	});
});
