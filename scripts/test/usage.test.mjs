import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../lib/paths.mjs";

/** @param {string} script @param {string[]} args */
const run = (script, ...args) =>
	spawnSync(process.execPath, [join(root, "scripts", script), ...args], { encoding: "utf8" });

describe.each(["start.mjs", "test.mjs"])("%s", (script) => {
	it("explains itself and does nothing else", () => {
		const { status, stdout } = run(script, "--help");
		expect(status).toBe(0);
		expect(stdout).toContain(script === "start.mjs" ? "ATELIER_PORT" : "npm test");
		expect(stdout).not.toContain("Installing");
	});

	it("refuses what it does not know, by name", () => {
		const { status, stderr } = run(script, "--prot", "4000");
		expect(status).toBe(2);
		expect(stderr).toContain('"--prot" is not understood');
	});
});
