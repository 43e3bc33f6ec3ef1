import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepPrivate, readableByAll } from "../lib/private-files.mjs";
import { postgresUser } from "../lib/unprivileged.mjs";

describe.runIf(process.platform !== "win32")("the data folder", () => {
	/** @type {string} */
	let home;
	/** @type {number} */
	let umask;
	beforeEach(() => {
		umask = process.umask(0o022);
		home = mkdtempSync(join(tmpdir(), "atelier-private-"));
		chmodSync(home, 0o755);
	});
	afterEach(() => {
		process.umask(umask);
		rmSync(home, { recursive: true, force: true });
	});
	/** @param {string[]} names */
	const modeOf = (...names) => (statSync(join(home, ...names)).mode & 0o777).toString(8);

	it("of an earlier version is closed to others: store, logs and secrets", () => {
		for (const folder of ["store", "logs", "serving"]) mkdirSync(join(home, folder), { mode: 0o755 });
		writeFileSync(join(home, "cli-token"), "token", { mode: 0o644 });
		expect(keepPrivate(home)).toEqual([]);
		expect([modeOf("store"), modeOf("logs"), modeOf("serving"), modeOf("cli-token")]).toEqual([
			...["700", "700", "700", "600"],
		]);
		expect(modeOf()).toBe(postgresUser() ? "711" : "700");
	});

	it("gets files that only their owner reads, also from programs that are started, and programs that all may run", async () => {
		keepPrivate(home);
		writeFileSync(join(home, "ours"), "");
		spawnSync("sh", ["-c", `echo log > "${join(home, "theirs")}"`]);
		await readableByAll(async () => writeFileSync(join(home, "program"), ""));
		writeFileSync(join(home, "after"), "");
		expect([modeOf("ours"), modeOf("theirs"), modeOf("program"), modeOf("after")]).toEqual([
			"600",
			"600",
			"644",
			"600",
		]);
	});

	it.runIf(postgresUser())(
		"of root: the user that Postgres runs as passes to its own folder and reads nothing else",
		() => {
			writeFileSync(join(home, "secret"), "signs sessions");
			mkdirSync(join(home, "store"));
			writeFileSync(join(home, "store", "items.parquet"), "rows");
			mkdirSync(join(home, "postgres"));
			writeFileSync(join(home, "postgres", "log"), "");
			keepPrivate(home);
			/** @param {string[]} names */
			const read = (...names) => spawnSync("cat", [join(home, ...names)], { ...postgresUser() }).status;
			expect([read("postgres", "log"), read("secret"), read("store", "items.parquet")]).toEqual([0, 1, 1]);
			expect(readFileSync(join(home, "secret"), "utf8")).toBe("signs sessions");
		},
	);
});
