import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeStartLock } from "../lib/start-lock.mjs";

describe("one start per data directory", () => {
	/** @type {string} */
	let folder;
	/** @type {string} */
	let file;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "atelier-lock-"));
		file = join(folder, "start.lock");
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it("a second start is refused with the address of the first", () => {
		takeStartLock(file).noteUrl("http://127.0.0.1:3000");
		expect(() => takeStartLock(file)).toThrow(
			`already runs on this data directory at http://127.0.0.1:3000 (process ${process.pid})`,
		);
	});

	it("is free again once the first has stopped", () => {
		takeStartLock(file).release();
		expect(existsSync(file)).toBe(false);
		takeStartLock(file);
	});

	it("a lock whose pid another program has by now is taken over", () => {
		writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: "long ago", url: "" }));
		takeStartLock(file);
		expect(JSON.parse(readFileSync(file, "utf8")).startedAt).not.toBe("long ago");
	});

	it("a lock that a full disk left empty is taken over", () => {
		writeFileSync(file, "");
		takeStartLock(file);
		expect(JSON.parse(readFileSync(file, "utf8")).pid).toBe(process.pid);
	});
});
